import type { AuthConfig } from "convex/server";

// The issuer of the Clerk instance, which is also the gateway's --clerk-issuer. Session tokens have the audience `convex` once
// Clerk's Convex integration is on.
export default {
  providers: [
    {
      domain: process.env.CLERK_JWT_ISSUER_DOMAIN!,
      applicationID: "convex",
    },
  ],
} satisfies AuthConfig;

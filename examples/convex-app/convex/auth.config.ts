import type { AuthConfig } from "convex/server";

// The issuer of the Clerk instance, which is also the gateway's --clerk-issuer. Session tokens have the audience `convex` once
// Clerk's Convex integration is on. Then the issuer of services, which is the gateway's --service-issuer, with its public keys as
// `convexgateway services auth-config` prints them.
export default {
  providers: [
    {
      domain: process.env.CLERK_JWT_ISSUER_DOMAIN!,
      applicationID: "convex",
    },
    {
      type: "customJwt",
      issuer: process.env.CONVEXGATEWAY_SERVICE_ISSUER!,
      jwks: process.env.CONVEXGATEWAY_SERVICE_JWKS!,
      algorithm: "ES256",
      applicationID: "convex",
    },
  ],
} satisfies AuthConfig;

// Command release makes everything that a release consists of, from the commit of a tag, in a folder:
//
//	go -C tools/release run . -out FOLDER [-maven FOLDER] [-push REGISTRY/PREFIX]
//
//	convexgateway_VERSION_OS_ARCH[.exe]            static binaries
//	convexgateway_VERSION_OS_ARCH.cdx.json         what each is made of, as a CycloneDX SBOM
//	image/                                         an OCI layout: binary, certificates of authorities, passwd; for Linux
//	convexgateway-VERSION.tgz                      the chart, whose image has the same version
//	chart/                                         the same as an OCI layout
//	maven/                                         a folder that clients/kotlin/publish has made, as it is given
//	SHA256SUMS                                     of all of them, as `sha256sum -c` takes it
//
// The version is that of the tag at HEAD, vX.Y.Z, and nothing may have changed since the commit. -version names one for a rehearsal.
// Times are that of the commit and the Go release is fixed, so that two runs make the same bytes. With -push image and chart are
// written to a registry, to which the login of Docker's configuration is used, as PREFIX/convexgateway and PREFIX/charts/convexgateway.
//
//	release   the version, its commit and its folder
//	layout    a folder of an image as the OCI Image Format defines it
package main

// Command kube decodes deployment files strictly into the types of the programs that read them, and checks them.
//
//	kube objects < manifests.yaml    # Kubernetes objects: no unknown field, no object missing, pods hardened
//	kube envoy < envoy.yaml          # Envoy's bootstrap with everything packed in it as Any, by the rules of Envoy's protos
package main

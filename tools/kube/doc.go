// Command kube decodes deployment files strictly into the types of the programs that read them, and checks them.
//
//	kube objects < manifests.yaml    # Kubernetes objects: no unknown field, no object missing, pods hardened, names that fit
//	kube envoy < envoy.yaml          # Envoy's bootstrap with everything packed in it as Any, by the rules of Envoy's protos
//	kube chart FOLDER CHOICES        # a Helm chart under the combinations of values in a file, checked as objects
//
//	choice    one way of setting some values that belong together
//	group     the choices of which one is taken
package main

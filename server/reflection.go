package server

import (
	"maps"

	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	reflectionv1alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/protobuf/reflect/protoreflect"

	"convexgateway/server/contract"
)

// registerReflection registers reflection, which has the services of the app's contract besides the gateway's own.
func (s *Server) registerReflection(g *grpc.Server) {
	options := reflection.ServerOptions{Services: reflected{g, s.contract}, DescriptorResolver: contractFiles{s.contract}}
	reflectionv1.RegisterServerReflectionServer(g, reflection.NewServerV1(options))
	reflectionv1alpha.RegisterServerReflectionServer(g, reflection.NewServer(options))
}

// reflected has the services that reflection lists.
type reflected struct {
	server   *grpc.Server
	contract *contract.Contract
}

// GetServiceInfo implements [reflection.ServiceInfoProvider].
func (r reflected) GetServiceInfo() map[string]grpc.ServiceInfo {
	services := maps.Clone(r.server.GetServiceInfo())
	for _, name := range r.contract.Methods().Services() {
		services[name] = grpc.ServiceInfo{}
	}
	return services
}

// contractFiles resolves descriptors by the contract as it is at the moment.
type contractFiles struct{ contract *contract.Contract }

// FindFileByPath implements [protodesc.Resolver].
func (c contractFiles) FindFileByPath(path string) (protoreflect.FileDescriptor, error) {
	return c.contract.Methods().Files().FindFileByPath(path)
}

// FindDescriptorByName implements [protodesc.Resolver].
func (c contractFiles) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	return c.contract.Methods().Files().FindDescriptorByName(name)
}

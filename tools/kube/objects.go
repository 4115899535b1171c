package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// objects decodes and checks a stream of manifests, and returns their kinds.
func objects(text []byte) (string, error) {
	var kinds []string
	var all []runtime.Object
	for manifests := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text))); ; {
		manifest, err := manifests.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		if empty(manifest) {
			continue
		}
		object, kind, err := decoder().Decode(manifest, nil, nil)
		if err != nil {
			return "", fmt.Errorf("%w in:\n%s", err, manifest)
		}
		if err := hardened(object); err != nil {
			return "", fmt.Errorf("%s: %w", kind.Kind, err)
		}
		kinds, all = append(kinds, kind.Kind), append(all, object)
	}
	for _, needed := range []string{"Deployment", "Service", "ServiceAccount", "PodDisruptionBudget"} {
		if !slices.Contains(kinds, needed) {
			return "", fmt.Errorf("no %s", needed)
		}
	}
	return strings.Join(kinds, ", "), fit(all)
}

// decoder returns a decoder that refuses unknown fields, and fields that are there twice.
var decoder = sync.OnceValue(func() runtime.Decoder {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		appsv1.AddToScheme, autoscalingv2.AddToScheme, corev1.AddToScheme, gatewayv1.Install, monitoringv1.AddToScheme, networkingv1.AddToScheme,
		policyv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			panic(err) // two types of one name
		}
	}
	return json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})
})

// empty reports whether a manifest has only comments.
func empty(manifest []byte) bool {
	for line := range bytes.Lines(manifest) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' && !bytes.Equal(line, []byte("---")) {
			return false
		}
	}
	return true
}

// hardened checks a deployment's security contexts, probes, resources and spread. Containers beside the gateway's are the users' own.
func hardened(object runtime.Object) error {
	d, ok := object.(*appsv1.Deployment)
	if !ok {
		return nil
	}
	pod := d.Spec.Template.Spec
	if pod.SecurityContext == nil || pod.SecurityContext.RunAsNonRoot == nil || !*pod.SecurityContext.RunAsNonRoot {
		return errors.New("may run as root")
	}
	if len(pod.TopologySpreadConstraints) == 0 {
		return errors.New("is not spread")
	}
	c := pod.Containers[0]
	s := c.SecurityContext
	switch {
	case s == nil || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem:
		return errors.New("may write to its root")
	case s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation:
		return errors.New("may gain privileges")
	case c.ReadinessProbe == nil || c.LivenessProbe == nil || c.StartupProbe == nil:
		return errors.New("lacks a probe")
	case c.Resources.Requests.Cpu().IsZero() || c.Resources.Limits.Memory().IsZero():
		return errors.New("lacks resources")
	}
	return nil
}

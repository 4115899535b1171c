package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// objects decodes and checks a stream of manifests, and returns their kinds.
func objects(text []byte) (string, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		appsv1.AddToScheme, autoscalingv2.AddToScheme, corev1.AddToScheme, monitoringv1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			return "", err
		}
	}
	decoder := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})
	var kinds []string
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
		object, kind, err := decoder.Decode(manifest, nil, nil)
		if err != nil {
			return "", fmt.Errorf("%w in:\n%s", err, manifest)
		}
		if err := hardened(object); err != nil {
			return "", fmt.Errorf("%s: %w", kind.Kind, err)
		}
		kinds = append(kinds, kind.Kind)
	}
	for _, needed := range []string{"Deployment", "Service", "ServiceAccount", "PodDisruptionBudget", "NetworkPolicy"} {
		if !slices.Contains(kinds, needed) {
			return "", fmt.Errorf("no %s", needed)
		}
	}
	return strings.Join(kinds, ", "), nil
}

// empty reports whether a manifest has only comments.
func empty(manifest []byte) bool {
	for line := range bytes.Lines(manifest) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' && !bytes.Equal(line, []byte("---")) {
			return false
		}
	}
	return true
}

// hardened checks a deployment's security contexts, probes, resources and spread.
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
	for _, c := range pod.Containers {
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
	}
	return nil
}

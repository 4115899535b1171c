package main

import (
	"errors"
	"fmt"
	"regexp"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/fake"
)

// cluster gives lookups of a chart a client.
type cluster struct{ client dynamic.Interface }

// GetClientFor implements engine.ClientProvider for secrets and config maps.
func (c cluster) GetClientFor(apiVersion, kind string) (dynamic.NamespaceableResourceInterface, bool, error) {
	resource := map[string]string{"v1 Secret": "secrets", "v1 ConfigMap": "configmaps"}[apiVersion+" "+kind]
	if resource == "" {
		return nil, false, fmt.Errorf("a chart has no business with %s %s", apiVersion, kind)
	}
	return c.client.Resource(schema.GroupVersionResource{Version: "v1", Resource: resource}), true, nil
}

var annotation = regexp.MustCompile(`checksum/config: ([0-9a-f]{64})\n`)

// checksums checks that pods change with the secrets and config maps that they read at their start, and with no others.
func checksums(chart *chartv2.Chart, least values) error {
	given := merge(least, values{
		"existingSecret": "keys", "tls": values{"existingSecret": "tls", "clientCASecret": "client-ca"}, "caBundle": values{"configMap": "ca"},
		"extraEnvFrom": []any{values{"secretRef": values{"name": "more"}}, values{"configMapRef": values{"name": "settings"}}},
	})
	versions := map[string]string{"keys": "1", "tls": "1", "client-ca": "1", "ca": "1", "more": "1", "settings": "1", "other": "1"}
	sum := func() (string, error) {
		manifests, err := render(chart, given, newCluster(versions))
		if err != nil {
			return "", err
		}
		found := annotation.FindStringSubmatch(manifests)
		if found == nil {
			return "", errors.New("no checksum")
		}
		return found[1], nil
	}
	last, err := sum()
	if err != nil {
		return err
	}
	for name := range versions {
		versions[name] = "2"
		now, err := sum()
		if err != nil {
			return err
		}
		if read := name != "other" && name != "tls"; read != (now != last) {
			return fmt.Errorf("pods change with %s: %v, want %v", name, now != last, read)
		}
		last = now
	}
	return nil
}

// newCluster returns a cluster with the secrets and config maps that have a version.
func newCluster(versions map[string]string) dynamic.Interface {
	var objects []runtime.Object
	for name, version := range versions {
		meta := metav1.ObjectMeta{Name: name, Namespace: "default", ResourceVersion: version}
		if name == "ca" || name == "settings" {
			objects = append(objects, &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: meta})
		} else {
			objects = append(objects, &corev1.Secret{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}, ObjectMeta: meta})
		}
	}
	scheme := runtime.NewScheme()
	_ = corev1.AddToScheme(scheme) // fails only where a type has two names
	return fake.NewSimpleDynamicClient(scheme, objects...)
}

package main

import (
	"encoding/json"
	"fmt"
	"strings"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// release is what the objects of one gateway refer to.
type release struct {
	deployment *appsv1.Deployment
	services   []*corev1.Service
	problems   []string
}

// fit checks that names are valid and there once, and that what objects refer to is there.
func fit(objects []runtime.Object) error {
	r := &release{}
	var names []string
	for _, object := range objects {
		meta := object.(metav1.Object)
		r.must(len(validation.IsDNS1123Label(meta.GetName())) == 0, "%T has the name %q", object, meta.GetName())
		names = append(names, fmt.Sprintf("%T %s", object, meta.GetName()))
		switch o := object.(type) {
		case *appsv1.Deployment:
			r.deployment = o
		case *corev1.Service:
			r.services = append(r.services, o)
		}
	}
	r.once("object", names)
	r.pod()
	for _, object := range objects {
		r.references(object)
	}
	if r.problems != nil {
		return fmt.Errorf("%s", strings.Join(r.problems, "\n"))
	}
	return nil
}

func (r *release) must(holds bool, format string, args ...any) {
	if !holds {
		r.problems = append(r.problems, fmt.Sprintf(format, args...))
	}
}

func (r *release) once(what string, names []string) {
	seen := map[string]bool{}
	for _, name := range names {
		r.must(!seen[name], "%s %q is there twice", what, name)
		seen[name] = true
	}
}

// pod checks names within the pod, and that each mount has its volume.
func (r *release) pod() {
	pod := r.deployment.Spec.Template.Spec
	var volumes, containers []string
	for _, v := range pod.Volumes {
		volumes = append(volumes, v.Name)
	}
	r.once("volume", volumes)
	for _, c := range append(pod.InitContainers, pod.Containers...) {
		containers = append(containers, c.Name)
		var env, paths []string
		for _, e := range c.Env {
			env = append(env, e.Name)
		}
		for _, m := range c.VolumeMounts {
			paths = append(paths, m.MountPath)
			r.must(strings.Contains("\n"+strings.Join(volumes, "\n")+"\n", "\n"+m.Name+"\n"), "no volume %q for a mount of %s", m.Name, c.Name)
		}
		r.once("environment variable", env)
		r.once("mount", paths)
	}
	r.once("container", containers)
}

// references checks selectors, ports and names of an object.
func (r *release) references(object runtime.Object) {
	switch o := object.(type) {
	case *appsv1.Deployment:
		r.selects(o, o.Spec.Selector)
	case *policyv1.PodDisruptionBudget:
		r.selects(o, o.Spec.Selector)
	case *networkingv1.NetworkPolicy:
		r.selects(o, &o.Spec.PodSelector)
		for _, rule := range o.Spec.Ingress {
			for _, p := range rule.Ports {
				r.containerPort(p.Port.StrVal)
			}
		}
	case *corev1.Service:
		r.selects(o, &metav1.LabelSelector{MatchLabels: o.Spec.Selector})
		for _, p := range o.Spec.Ports {
			r.containerPort(p.TargetPort.StrVal)
		}
	case *autoscalingv2.HorizontalPodAutoscaler:
		r.must(o.Spec.ScaleTargetRef.Name == r.deployment.Name, "the autoscaler is of %q", o.Spec.ScaleTargetRef.Name)
	case *networkingv1.Ingress:
		for _, rule := range o.Spec.Rules {
			for _, path := range rule.HTTP.Paths {
				r.servicePort(path.Backend.Service.Name, path.Backend.Service.Port.Name, 0)
			}
		}
	case *gatewayv1.HTTPRoute:
		for _, ref := range o.Spec.Rules[0].BackendRefs {
			r.servicePort(string(ref.Name), "http", *ref.Port)
		}
	case *gatewayv1.GRPCRoute:
		for _, ref := range o.Spec.Rules[0].BackendRefs {
			r.servicePort(string(ref.Name), "grpc", *ref.Port)
		}
	case *monitoringv1.ServiceMonitor:
		for _, e := range o.Spec.Endpoints {
			r.servicePort(r.deployment.Name+"-admin", e.Port, 0)
		}
	case *monitoringv1.PrometheusRule:
		r.must(len(o.Spec.Groups) > 0, "no rules")
	case *corev1.ConfigMap:
		for name, text := range o.Data {
			r.must(json.Valid([]byte(text)), "%s is not JSON", name)
		}
	}
}

func (r *release) selects(by runtime.Object, selector *metav1.LabelSelector) {
	s, err := metav1.LabelSelectorAsSelector(selector)
	r.must(err == nil && !s.Empty() && s.Matches(labels.Set(r.deployment.Spec.Template.Labels)), "%T does not select the pods", by)
}

func (r *release) containerPort(name string) {
	for _, p := range r.deployment.Spec.Template.Spec.Containers[0].Ports {
		if p.Name == name {
			return
		}
	}
	r.must(false, "no port %q of the container", name)
}

// servicePort checks that a service has a port of a name and, unless it is 0, a number.
func (r *release) servicePort(service, name string, number int32) {
	for _, s := range r.services {
		for _, p := range s.Spec.Ports {
			if s.Name == service && p.Name == name && (number == 0 || p.Port == number) {
				return
			}
		}
	}
	r.must(false, "no port %q, %d of a service %q", name, number, service)
}

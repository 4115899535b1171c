package server

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
)

// dashboard is the part of a Grafana dashboard that queries Prometheus.
type dashboard struct {
	Templating struct {
		List []struct{ Query string }
	}
	Panels []struct {
		Title   string
		Targets []struct{ Expr, LegendFormat string }
	}
}

var (
	metricName  = regexp.MustCompile(`\b(?:convexgateway|go|process)_[a-z_]+\b`)
	matcherName = regexp.MustCompile(`[{,]([a-z_]+)(?:=~|!~|!=|=)"`)
	groupNames  = regexp.MustCompile(`by \(([a-z_, ]+)\)`)
	legendName  = regexp.MustCompile(`{{([a-z_]+)}}`)
)

// The dashboard queries metrics and labels that a running gateway exports, and all those that are the gateway's own.
func TestDashboard(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../deploy/grafana/convexgateway.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	exported, shown := exportedSeries(t), map[string]bool{}
	for _, variable := range d.Templating.List {
		for _, name := range metricName.FindAllString(variable.Query, -1) {
			if exported[name] == nil {
				t.Errorf("a variable queries %s, which is not exported", name)
			}
		}
	}
	for _, panel := range d.Panels {
		for _, target := range panel.Targets {
			names, labels := metricName.FindAllString(target.Expr, -1), []string(nil)
			if len(names) == 0 {
				t.Errorf("%s: no metric in %s", panel.Title, target.Expr)
			}
			for _, name := range names {
				if exported[name] == nil {
					t.Errorf("%s: %s is not exported", panel.Title, name)
				}
				labels = append(labels, exported[name]...)
				shown[family(name)] = true
			}
			for _, label := range labelsOf(target.Expr, target.LegendFormat) {
				if !slices.Contains(labels, label) {
					t.Errorf("%s: %v have no label %s", panel.Title, names, label)
				}
			}
		}
	}
	for name := range exported {
		if strings.HasPrefix(name, "convexgateway_") && !shown[family(name)] {
			t.Errorf("%s is not on the dashboard", name)
		}
	}
}

// labelsOf are the labels that an expression and its legend name.
func labelsOf(expr, legend string) (labels []string) {
	for _, m := range matcherName.FindAllStringSubmatch(expr, -1) {
		labels = append(labels, m[1])
	}
	for _, m := range groupNames.FindAllStringSubmatch(expr, -1) {
		labels = append(labels, strings.Split(m[1], ", ")...)
	}
	for _, m := range legendName.FindAllStringSubmatch(legend, -1) {
		labels = append(labels, m[1])
	}
	return labels
}

// family is the metric that a histogram's series belongs to; other names stay as they are.
func family(series string) string {
	for _, part := range []string{"_bucket", "_sum", "_count"} {
		series = strings.TrimSuffix(series, part)
	}
	return series
}

// exportedSeries are the names of a busy gateway's series, and their labels, with those that Prometheus adds.
func exportedSeries(t *testing.T) map[string][]string {
	t.Helper()
	g := start(t, func(c *Config) { c.AdminAddr, c.ExchangeConnected = "127.0.0.1:0", func() bool { return true } })
	g.mustCall(g.context(), convex.Query, "users:me", `{}`)
	stream := g.subscribe(g.as(g.token(deployment.TokenRequest{User: "ada"})), counterQuery("d"))
	wantValue(t, result(stream), "0")
	g.dev.FailNext(10, deployment.Failure{Status: 503})
	if _, err := g.call(g.context(), convex.Query, "users:me", `{}`); err == nil {
		t.Error("the deployment did not fail")
	}
	series := map[string][]string{}
	for name, f := range g.families() {
		for _, m := range f.GetMetric() {
			labels := []string{"job", "instance"}
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetName())
			}
			if m.GetHistogram() == nil {
				series[name] = labels
				continue
			}
			series[name+"_sum"], series[name+"_count"], series[name+"_bucket"] = labels, labels, append(slices.Clone(labels), "le")
		}
	}
	return series
}

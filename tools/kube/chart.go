package main

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"
)

// values are values of a chart.
type values = map[string]any

// choices are the values with which a chart is tried.
type choices struct {
	Least   values              `json:"least"`   // what the chart needs
	Groups  map[string][]values `json:"groups"`  // the last of each group sets most
	Refused map[string][]values `json:"refused"` // by a part of the error
}

// checkChart renders a chart under combinations of choices, and checks the objects. It returns a summary.
//
// The combinations are all pairs of choices of two groups, on two backgrounds: with the first choices of the other groups, and
// with the last ones.
func checkChart(folder, file string) (string, error) {
	text, err := os.ReadFile(file) //nolint:gosec // a file of the repository
	if err != nil {
		return "", err
	}
	var c choices
	if err := yaml.UnmarshalStrict(text, &c); err != nil {
		return "", err
	}
	chart, err := loader.Load(folder)
	if err != nil {
		return "", err
	}
	combinations := pairs(c.Groups)
	var checks errgroup.Group
	checks.SetLimit(runtime.GOMAXPROCS(0))
	for _, combination := range combinations {
		checks.Go(func() error {
			manifests, err := render(chart, merge(c.Least, combination...), nil)
			if err == nil {
				_, err = objects([]byte(manifests))
			}
			if err != nil {
				return fmt.Errorf("%w\nwith %v", err, combination)
			}
			return nil
		})
	}
	if err := checks.Wait(); err != nil {
		return "", err
	}
	if err := effects(chart, c); err != nil {
		return "", err
	}
	if err := checkRefused(chart, c); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d combinations of values", len(combinations)), checksums(chart, c.Least)
}

// pairs returns each pair of choices of two groups, on both backgrounds.
func pairs(groups map[string][]values) (combinations [][]values) {
	names := slices.Sorted(maps.Keys(groups))
	for i, one := range names {
		for _, other := range names[i+1:] {
			for _, a := range groups[one] {
				for _, b := range groups[other] {
					for _, last := range []bool{false, true} {
						combinations = append(combinations, append(background(groups, last, one, other), a, b))
					}
				}
			}
		}
	}
	return combinations
}

// background returns the first or the last choices of all groups but some.
func background(groups map[string][]values, last bool, without ...string) (chosen []values) {
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		choices := groups[name]
		switch {
		case slices.Contains(without, name):
		case last:
			chosen = append(chosen, choices[len(choices)-1])
		default:
			chosen = append(chosen, choices[0])
		}
	}
	return chosen
}

// effects checks that each choice changes the objects, and that each text in it is in one of them.
func effects(chart *chartv2.Chart, c choices) error {
	for name, group := range c.Groups {
		least, err := render(chart, merge(c.Least, group[0]), nil)
		if err != nil {
			return err
		}
		for _, choice := range group[1:] {
			manifests, err := render(chart, merge(c.Least, choice), nil)
			if err != nil {
				return err
			}
			if manifests == least {
				return fmt.Errorf("%s: no effect: %v", name, choice)
			}
			for _, text := range texts(choice) {
				if !strings.Contains(manifests, text) {
					return fmt.Errorf("%s: %q is in no object, with %v", name, text, choice)
				}
			}
		}
	}
	return nil
}

// texts returns the strings in a value, without keys.
func texts(value any) (found []string) {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, e := range v {
			found = append(found, texts(e)...)
		}
	case values:
		for _, e := range v {
			found = append(found, texts(e)...)
		}
	}
	return found
}

// checkRefused checks that values are refused with their error.
func checkRefused(chart *chartv2.Chart, c choices) error {
	for reason, all := range c.Refused {
		for _, given := range all {
			if _, err := render(chart, merge(c.Least, given), nil); err == nil || !strings.Contains(err.Error(), reason) {
				return fmt.Errorf("%v is not refused with %q, but: %w", given, reason, err)
			}
		}
	}
	return nil
}

// merge returns values in which later ones win.
func merge(least values, given ...values) values {
	merged := least
	for _, v := range given {
		merged = loader.MergeMaps(merged, v)
	}
	return merged
}

// render returns the manifests of a chart. With a cluster, lookups find what is in it; nil: they find nothing.
func render(chart *chartv2.Chart, given values, c dynamic.Interface) (string, error) {
	all, err := util.ToRenderValues(chart, given, common.ReleaseOptions{Name: "gateway", Namespace: "default", Revision: 1, IsInstall: true}, nil)
	if err != nil {
		return "", err
	}
	var files map[string]string
	if c == nil {
		files, err = engine.Render(chart, all)
	} else {
		files, err = engine.RenderWithClientProvider(chart, all, cluster{c})
	}
	if err != nil {
		return "", err
	}
	var manifests strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, ".yaml") {
			manifests.WriteString("---\n" + files[name] + "\n")
		}
	}
	return manifests.String(), nil
}

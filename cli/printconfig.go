package cli

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

// printFlag prints the settings in place of running the command.
type printFlag struct {
	PrintConfig bool `group:"Logs" help:"Print every setting as flags, environment and defaults make it, and where it comes from, without secrets; then exit."`
}

// printConfig writes a line for each flag of the selected command: flag, value, origin.
func printConfig(w io.Writer, parsed *kong.Context) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, flag := range parsed.Selected().Flags {
		if flag.Name != "print-config" {
			fmt.Fprintf(table, "--%s\t%s\t%s\n", flag.Name, displayed(flag), origin(flag, parsed.Path))
		}
	}
	return table.Flush()
}

// displayed returns a setting's value on one line, or the word "secret" in its place.
func displayed(flag *kong.Flag) string {
	value := flag.Target
	switch {
	case value.Kind() == reflect.Slice && value.Len() == 0, value.Kind() == reflect.String && value.Len() == 0:
		return "none"
	case isSecret(flag):
		return "secret"
	case value.Kind() == reflect.Slice:
		list := make([]string, value.Len())
		for i := range list {
			list[i] = fmt.Sprint(value.Index(i))
		}
		return oneLine(strings.Join(list, string(flag.Tag.Sep)))
	}
	return oneLine(fmt.Sprint(value))
}

// isSecret reports whether a flag has the tag `secret:""`, or a type that formats itself, as [secret] does.
func isSecret(flag *kong.Flag) bool {
	_, hides := reflect.TypeAssert[fmt.Formatter](flag.Target)
	return hides || flag.Tag.Has("secret")
}

func oneLine(text string) string {
	if strings.ContainsAny(text, "\n\r\t") {
		return strconv.Quote(text)
	}
	return text
}

// origin returns where a setting comes from: "flag", the name of an environment variable, or "default".
func origin(flag *kong.Flag, path []*kong.Path) string {
	if slices.ContainsFunc(path, func(p *kong.Path) bool { return p.Flag == flag && !p.Resolved }) {
		return "flag"
	}
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return name
		}
	}
	return "default"
}

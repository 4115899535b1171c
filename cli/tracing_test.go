package cli

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	collectorv1 "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"convexgateway/server"
)

// A stop sends the remaining spans to the collector that OpenTelemetry's own variables name.
func TestTracesReachTheCollector(t *testing.T) {
	t.Parallel()
	exports := make(chan *collectorv1.ExportTraceServiceRequest, 100)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		request := &collectorv1.ExportTraceServiceRequest{}
		if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, request) != nil {
			t.Errorf("%s %v", r.URL.Path, err)
		}
		exports <- request
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(collector.Close)
	dev := start(t, `Stop with Ctrl-C`, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.URL, "OTEL_RESOURCE_ATTRIBUTES=deployment.environment=here"},
		append([]string{"dev", "--deployment-addr", "127.0.0.1:0"}, anyPort...)...)
	post(t, dev.find(`REST +(http://\S+)`)+"/v1/query", "", `{"path":"users:me"}`)
	if code := dev.terminate(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	select {
	case got := <-exports:
		for _, want := range []string{"convexgateway.v1.FunctionService/Query", `"service.name"`, `"convexgateway"`, `"deployment.environment"`} {
			if !strings.Contains(got.String(), want) {
				t.Errorf("no %s in %v", want, got)
			}
		}
	case <-time.After(patience): //nolint:forbidigo // the one deadline of the test
		t.Error("no spans")
	}
}

// Tracing is off unless a variable switches it on, and an error names the wrong variable.
func TestTracingIsSwitchedOn(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "off",
		"OTEL_SERVICE_NAME=x": "off",
		"OTEL_TRACES_EXPORTER=none OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1": "off",
		"OTEL_TRACES_EXPORTER=otlp OTEL_SDK_DISABLED=true":                         "off",
		"OTEL_TRACES_EXPORTER=otlp OTEL_SDK_DISABLED=True":                         "off",
		"OTEL_TRACES_EXPORTER=otlp OTEL_SDK_DISABLED=TRUE":                         "off",
		"OTEL_TRACES_EXPORTER=otlp OTEL_SDK_DISABLED=tRuE":                         "off",
		"OTEL_TRACES_EXPORTER=otlp OTEL_SDK_DISABLED=False":                        "on",
		"OTEL_TRACES_EXPORTER=otlp OTEL_SDK_DISABLED=1":                            "on", // as the specification has it
		"OTEL_TRACES_EXPORTER=OTLP":                                                "on",
		"OTEL_TRACES_EXPORTER=None OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1": "off",
		"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=GRPC":               "on",
		"OTEL_TRACES_EXPORTER=otlp":                                                "on",
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:1":                    "on",
		"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=grpc":               "on",
		"OTEL_TRACES_EXPORTER=zipkin":                                              "OTEL_TRACES_EXPORTER",
		"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=http/json":          "OTEL_EXPORTER_OTLP_PROTOCOL",
	} {
		t.Run(text, func(t *testing.T) {
			for pair := range strings.FieldsSeq(text) {
				name, value, _ := strings.Cut(pair, "=")
				t.Setenv(name, value)
			}
			var c server.Config
			stop, err := startTracing(t.Context(), &c)
			switch {
			case err != nil:
				if !strings.HasPrefix(err.Error(), want) || c.Traces != nil {
					t.Errorf("error %v", err)
				}
			case (c.Traces != nil) != (want == "on"):
				t.Errorf("provider %v, want %s", c.Traces, want)
			default:
				stop()
			}
		})
	}
}

// A wrong variable ends the command as a wrong flag does.
func TestWrongTracing(t *testing.T) {
	t.Setenv("OTEL_TRACES_EXPORTER", "zipkin")
	var stdout, stderr bytes.Buffer
	err := run(t.Context(), []string{"serve", "--convex-url", "http://x"}, &stdout, &stderr)
	if code := exitCode(err, &stderr); code != 2 || !strings.Contains(stderr.String(), "OTEL_TRACES_EXPORTER") {
		t.Errorf("exit code %d, %s", code, &stderr)
	}
}

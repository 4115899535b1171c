package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"convexgateway/server"
)

// shutdownTimeout is how long a stop waits for the collector to receive the remaining spans.
const shutdownTimeout = 5 * time.Second

// startTracing sets c.Traces if OpenTelemetry's own variables (OTEL_…) name an OTLP endpoint or the exporter otlp. Call stop
// when the gateway has ended: it sends the remaining spans.
func startTracing(ctx context.Context, c *server.Config) (stop func(), err error) {
	enabled, err := tracingEnabled()
	if err != nil || !enabled {
		return func() {}, err
	}
	service, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "convexgateway")),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	exporter, err := newTraceExporter(ctx)
	if err != nil {
		return nil, err
	}
	logger := c.Logger
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { logger.Warn("traces", "error", err) }))
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(service))
	c.Traces = provider
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		if err := provider.Shutdown(ctx); err != nil {
			logger.Warn("the last traces were lost", "error", err)
		}
	}, nil
}

// tracingEnabled reads the variables that enable tracing. Unlike OpenTelemetry's default, nothing is exported without one.
func tracingEnabled() (bool, error) {
	if otelVariable("OTEL_SDK_DISABLED") == "true" {
		return false, nil
	}
	switch exporter := otelVariable("OTEL_TRACES_EXPORTER"); exporter {
	case "otlp":
		return true, nil
	case "none":
		return false, nil
	case "":
		return cmp.Or(os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT")) != "", nil
	default:
		return false, fmt.Errorf("OTEL_TRACES_EXPORTER: %q is not otlp or none", exporter)
	}
}

// otelVariable returns the value of a variable that is a boolean or one of a few names, whose case does not matter (OpenTelemetry
// specification, "Environment Variable Specification").
func otelVariable(name string) string { return strings.ToLower(strings.TrimSpace(os.Getenv(name))) }

// newTraceExporter returns an exporter of the protocol that the variables name, http/protobuf by default.
func newTraceExporter(ctx context.Context) (*otlptrace.Exporter, error) {
	protocol := cmp.Or(otelVariable("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), otelVariable("OTEL_EXPORTER_OTLP_PROTOCOL"), "http/protobuf")
	switch protocol {
	case "http/protobuf":
		return otlptracehttp.New(ctx)
	case "grpc":
		return otlptracegrpc.New(ctx)
	default:
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL: %q is not http/protobuf or grpc", protocol)
	}
}

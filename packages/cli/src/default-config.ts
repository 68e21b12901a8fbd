/** What runs where there is no configuration file: equal to the `otel-collector.yaml` of the repository. */
export const defaultConfig: string = `# The collector's configuration, in the OpenTelemetry Collector's own shape.
# Everything binds loopback; \`\${env:NAME:-default}\` reads the environment.

extensions:
  # The events and sessions, in an embedded ClickHouse (chDB).
  store:
    engine: chdb
    path: \${env:MCPCAT_DATA_DIR:-./mcpcat-data}
  # The dashboard and its query API.
  dashboard:
    endpoint: 127.0.0.1:4320
    store: store

receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:4318

processors:
  # Stamps every span with its session, so that every exporter behind it sees sessions.
  sessions: { rules_from: store }

exporters:
  store:
    store: store

service:
  extensions: [store, dashboard]
  pipelines:
    traces:
      receivers: [otlp]
      processors: [sessions]
      exporters: [store]
`

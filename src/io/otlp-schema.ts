import type { INamespace } from 'protobufjs/light.js'

type Fields = Record<string, { type: string; id: number; rule?: 'repeated' }>

/** Field numbers and types of OTLP's traces (opentelemetry-proto 1.x) and of `google.rpc.Status`, under the names that OTLP's JSON gives them. */
export const otlpSchema: INamespace = {
  nested: {
    Request: message({ resourceSpans: many('ResourceSpans', 1) }),
    ResourceSpans: message({
      resource: one('Resource', 1),
      scopeSpans: many('ScopeSpans', 2),
      schemaUrl: one('string', 3),
    }),
    Resource: message({
      attributes: many('KeyValue', 1),
      droppedAttributesCount: one('uint32', 2),
      entityRefs: many('EntityRef', 3),
    }),
    EntityRef: message({
      schemaUrl: one('string', 1),
      type: one('string', 2),
      idKeys: many('string', 3),
      descriptionKeys: many('string', 4),
    }),
    ScopeSpans: message({ scope: one('Scope', 1), spans: many('Span', 2), schemaUrl: one('string', 3) }),
    Scope: message({
      name: one('string', 1),
      version: one('string', 2),
      attributes: many('KeyValue', 3),
      droppedAttributesCount: one('uint32', 4),
    }),
    Span: message({
      traceId: one('bytes', 1),
      spanId: one('bytes', 2),
      traceState: one('string', 3),
      parentSpanId: one('bytes', 4),
      name: one('string', 5),
      // An enum: its numbers are what OTLP's JSON holds.
      kind: one('int32', 6),
      startTimeUnixNano: one('fixed64', 7),
      endTimeUnixNano: one('fixed64', 8),
      attributes: many('KeyValue', 9),
      droppedAttributesCount: one('uint32', 10),
      events: many('Event', 11),
      droppedEventsCount: one('uint32', 12),
      links: many('Link', 13),
      droppedLinksCount: one('uint32', 14),
      status: one('SpanStatus', 15),
      flags: one('fixed32', 16),
    }),
    Event: message({
      timeUnixNano: one('fixed64', 1),
      name: one('string', 2),
      attributes: many('KeyValue', 3),
      droppedAttributesCount: one('uint32', 4),
    }),
    Link: message({
      traceId: one('bytes', 1),
      spanId: one('bytes', 2),
      traceState: one('string', 3),
      attributes: many('KeyValue', 4),
      droppedAttributesCount: one('uint32', 5),
      flags: one('fixed32', 6),
    }),
    SpanStatus: message({ message: one('string', 2), code: one('int32', 3) }),
    KeyValue: message({ key: one('string', 1), value: one('AnyValue', 2) }),
    AnyValue: {
      ...message({
        stringValue: one('string', 1),
        boolValue: one('bool', 2),
        intValue: one('int64', 3),
        doubleValue: one('double', 4),
        arrayValue: one('ArrayValue', 5),
        kvlistValue: one('KeyValueList', 6),
        bytesValue: one('bytes', 7),
      }),
      // Members of a oneof are told apart from absent ones even where they hold 0, false or ''.
      oneofs: {
        value: {
          oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue'],
        },
      },
    },
    ArrayValue: message({ values: many('AnyValue', 1) }),
    KeyValueList: message({ values: many('KeyValue', 1) }),
    Response: message({ partialSuccess: one('PartialSuccess', 1) }),
    PartialSuccess: message({ rejectedSpans: one('int64', 1), errorMessage: one('string', 2) }),
    Status: message({ code: one('int32', 1), message: one('string', 2) }),
  },
}

function message(fields: Fields): { fields: Fields } {
  return { fields }
}

function one(type: string, id: number): Fields[string] {
  return { type, id }
}

function many(type: string, id: number): Fields[string] {
  return { rule: 'repeated', type, id }
}

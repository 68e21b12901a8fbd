/**
 * The statuses that a call may end with which are answered here, by the gRPC specification (`doc/statuscodes.md`). Of
 * gRPC's own library only the exporter has need, and a collector without it does not load it.
 */
export const grpcStatus = {
  OK: 0,
  INVALID_ARGUMENT: 3,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const

export type GrpcStatus = (typeof grpcStatus)[keyof typeof grpcStatus]

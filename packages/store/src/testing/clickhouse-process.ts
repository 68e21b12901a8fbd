/**
 * Body of a process that is a ClickHouse server: the engine's own, whose library ships with `chdb`
 * and holds the program clickhouse-local, which answers over HTTP and the native protocol when it is
 * told to. Ends with its standard input. Arguments: those of clickhouse-local.
 */
import { libchdbPath } from 'chdb/libchdb'
import { DataType, load, open } from 'ffi-rs'

const parameters = ['clickhouse', ...process.argv.slice(2)]
open({ library: 'chdb', path: libchdbPath() })
load({
  library: 'chdb',
  funcName: 'query_stable_v2',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [parameters.length, parameters],
})

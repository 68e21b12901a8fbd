/**
 * The embedded engine's own settings: for one writer on a small machine, where a server's defaults
 * take memory and threads as if the machine were theirs.
 *
 * @param backups the only folder that it may write backups into, or read them from.
 */
export function chdbConfig(backups: string): string {
  return `<clickhouse>
  <backups><allowed_path>${xmlText(backups)}</allowed_path></backups>
  <mark_cache_size>${64 * MEBIBYTE}</mark_cache_size>
  <background_pool_size>${MERGE_THREADS}</background_pool_size>
  <merge_tree>
    <!-- What one insert writes is one file, not two for each of its columns; merges make columns of it. -->
    <min_bytes_for_wide_part>${32 * MEBIBYTE}</min_bytes_for_wide_part>
    <!-- Column by column, a merge of ten inserts takes 25 to 50 MiB, not 115. -->
    <vertical_merge_algorithm_min_rows_to_activate>16384</vertical_merge_algorithm_min_rows_to_activate>
    <!-- Each row is merged half as often as by default, at the price of some more parts to read. -->
    <merge_selector_base>10</merge_selector_base>
    <!-- A part of one file has a mark for a column, not one for each of its streams: merges are quicker, and reads are not slower. -->
    <write_marks_for_substreams_in_compact_parts>0</write_marks_for_substreams_in_compact_parts>
    <!-- A part that is written takes this much for each of some sixty streams. Blocks are mostly of 64 KiB. -->
    <max_compress_block_size>${256 * KIBIBYTE}</max_compress_block_size>
    <!-- These may not be more than there are threads. -->
    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
`
}

const KIBIBYTE = 2 ** 10
const MEBIBYTE = 2 ** 20
const MERGE_THREADS = 2

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

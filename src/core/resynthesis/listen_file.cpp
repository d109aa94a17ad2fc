#include "resynthesis/listen_file.hpp"

#include "results/result_fields.hpp"
#include "results/result_json.hpp"

namespace relax_spectro {

namespace core {

template <typename Fields>
void describe(Fields& fields, Value<Fields, LogMelError>& error) {
  fields("all", error.all);
  fields("masked", error.masked);
  fields("kept", error.kept);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, Region>& region) {
  describe(fields, region.box);
  fields("label", region.label);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, WrittenSound>& sound) {
  fields("file", sound.file);
  fields("level_db", sound.level_db);
  fields.unless_empty("region", sound.region);
  fields.unless_empty("log_mel_error_nats", sound.error);
  fields.unless_empty("too_loud_share", sound.too_loud_share);
  fields.unless_empty("refinements", sound.refinements);
  if (!sound.check) return;
  fields("cosine", sound.check->cosine);
  fields("heard", sound.check->heard);
  fields("heard_in_input", sound.check->given);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, ListenResult>& made) {
  describe_origin(fields, made.result.provenance, made.result.card);
  fields("result", made.made_from);
  fields("score", made.result.options.score);
  fields("select", made.select);
  fields("fill", made.fill);
  fields("sounds", made.sounds);
  fields("warnings", made.warnings);
}

}  // namespace core

std::string to_json(const ListenResult& result) {
  return core::formatted_text(core::kListenFormat, result);
}

}  // namespace relax_spectro

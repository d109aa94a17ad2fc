#include "relax_spectro/embed.hpp"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "relax_spectro/error.hpp"
#include "relax_spectro/npz.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "embed",
    "Gives the embedding and the class scores of every window of recordings, as CSV on stdout or\n"
    "in a .csv, or as a .npz (embedding, class_scores, file_index, first_frame_s, last_frame_s)\n"
    "with a .json beside it (files, labels).",
    "relax-spectro embed *.wav -o embeddings.npz"};

struct Request {
  cli::InputOptions input;
  cli::ModelChoice model;
  cli::OutputOptions output;
  cli::TalkOptions talk;
  WindowOptions windows;
  bool drop_tail = false;
  std::size_t batch_size = 16;
};

/// The windows of one recording, and which it is.
struct FileEmbeddings {
  std::size_t file_index = 0;
  Embeddings rows;
};

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_text(const std::vector<FileEmbeddings>& all, const Request& request,
                     const ModelCard& card) {
  std::string text = "file,first_frame_s,last_frame_s";
  if (all.empty()) return text + "\n";
  for (std::size_t i = 0; i < all[0].rows.embedding.columns; ++i) {
    text += fmt::format(",embedding_{}", i);
  }
  for (std::size_t i = 0; i < all[0].rows.class_scores.columns; ++i) {
    text += "," + csv_cell(i < card.labels.size() ? card.labels[i] : fmt::format("class_{}", i));
  }
  text += "\n";
  for (const auto& [file_index, rows] : all) {
    for (std::size_t w = 0; w < rows.first_frame_s.size(); ++w) {
      text += fmt::format("{},{:.6f},{:.6f}", csv_cell(request.input.files[file_index].string()),
                          rows.first_frame_s[w], rows.last_frame_s[w]);
      for (const float value : rows.embedding.row(w)) text += fmt::format(",{}", value);
      for (const float value : rows.class_scores.row(w)) text += fmt::format(",{}", value);
      text += "\n";
    }
  }
  return text;
}

void append(std::vector<float>& all, const Array2d<float>& rows) {
  all.insert(all.end(), rows.values.begin(), rows.values.end());
}

void write_npz(const std::vector<FileEmbeddings>& all, const Request& request,
               const ModelCard& card) {
  std::vector<float> embedding;
  std::vector<float> class_scores;
  std::vector<std::int64_t> file_index;
  std::vector<double> first_frame_s;
  std::vector<double> last_frame_s;
  for (const auto& [index, rows] : all) {
    append(embedding, rows.embedding);
    append(class_scores, rows.class_scores);
    file_index.insert(file_index.end(), rows.first_frame_s.size(),
                      static_cast<std::int64_t>(index));
    first_frame_s.insert(first_frame_s.end(), rows.first_frame_s.begin(), rows.first_frame_s.end());
    last_frame_s.insert(last_frame_s.end(), rows.last_frame_s.begin(), rows.last_frame_s.end());
  }
  const std::size_t count = file_index.size();
  std::filesystem::path json_path = request.output.path;
  json_path.replace_extension(".json");
  OutputFile arrays(request.output.path, request.output.overwrite());
  OutputFile summary(json_path, request.output.overwrite());
  NpzWriter writer;
  writer.add("embedding", {count, count == 0 ? 0 : embedding.size() / count},
             std::span<const float>(embedding));
  writer.add("class_scores", {count, count == 0 ? 0 : class_scores.size() / count},
             std::span<const float>(class_scores));
  writer.add("file_index", {count}, std::span<const std::int64_t>(file_index));
  writer.add("first_frame_s", {count}, std::span<const double>(first_frame_s));
  writer.add("last_frame_s", {count}, std::span<const double>(last_frame_s));
  writer.write(arrays.temporary_path());
  nlohmann::ordered_json json{{"format", "relax-spectro embeddings"}, {"format_version", 1}};
  for (const auto& file : request.input.files) json["files"].push_back(file.string());
  json["labels"] = card.labels;
  json["model"] = {{"path", request.model.path().string()},
                   {"sha256", sha256_of_file(request.model.path())},
                   {"name", card.name}};
  summary.write(json.dump(2) + "\n");
  arrays.commit();
  summary.commit();
}

void write(const std::vector<FileEmbeddings>& all, const Request& request, const ModelCard& card) {
  const std::filesystem::path& path = request.output.path;
  if (path.empty()) {
    fmt::print("{}", csv_text(all, request, card));
    return;
  }
  if (path.extension() == ".csv") {
    write_text_file(path, csv_text(all, request, card), request.output.overwrite());
  } else {
    write_npz(all, request, card);
  }
  fmt::print("{}\n", path.string());
}

int run(Request& request) {
  const std::filesystem::path& path = request.output.path;
  if (!path.empty() && path.extension() != ".csv" && path.extension() != ".npz") {
    throw ConfigError(fmt::format("--output is {}; expected a .csv or a .npz", path.string()));
  }
  if (!path.empty()) refuse_existing(path, request.output.overwrite());
  request.windows.tail = request.drop_tail ? Tail::drop : Tail::cover;
  const std::unique_ptr<Model> model = load_model(request.model.path(), request.model.options);
  std::vector<FileEmbeddings> all;
  const int code = cli::for_each_input(request.input.files, [&](std::size_t i) {
    const Audio audio = read_audio(request.input.files[i], request.input.channel);
    all.push_back({i, embed(*model, audio, request.windows, request.batch_size)});
    for (const auto& warning : all.back().rows.warnings) {
      request.talk.warn(request.input.files[i], warning);
    }
  });
  if (!all.empty()) write(all, request, model->card());
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  return cli::run_stage(argc, argv, kText, [&request](CLI::App& app) {
    request.input.declare(app);
    request.output.declare(app, "A .csv or .npz to write [CSV on stdout]");
    request.model.declare(app);
    app.add_option("--hop", request.windows.hop_s, "Seconds from window to window [the card's]");
    app.add_flag("--drop-tail", request.drop_tail,
                 "Leave out what is behind the last whole window, as VGGish's own framing does");
    app.add_option("--batch-size", request.batch_size, "Windows in one forward pass")
        ->capture_default_str();
    request.model.declare_run(app);
    request.talk.declare(app);
    return [&request] { return run(request); };
  });
}

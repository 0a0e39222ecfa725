//===- CompressionConfig.cpp - What to compress, from a YAML file ---------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The keys of a scheme are written once, in mapScheme; options of the tool in
// the same notation go through it too.
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Errors.h"
#include "MLModel/Support/MappedFile.h"
#include "MLModel/Transforms/CompressWeights.h"
#include "llvm/Support/YAMLTraits.h"

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;
using llvm::yaml::IO;

namespace {
/// A scheme and the limits of what it is for.
struct RuleSpec {
  SchemeSpec scheme;
  bool keep = false;
  std::optional<int64_t> minElements;
  std::optional<bool> vectors;
};
struct NamedRule : RuleSpec {
  std::string name;
};
struct TypedRule : RuleSpec {
  std::string type;
};
struct Config {
  std::optional<RuleSpec> defaults;
  std::vector<NamedRule> layers;
  std::vector<TypedRule> types;
  std::vector<std::string> keep;
};
} // namespace

LLVM_YAML_IS_SEQUENCE_VECTOR(NamedRule)
LLVM_YAML_IS_SEQUENCE_VECTOR(TypedRule)

static void mapScheme(IO &io, SchemeSpec &spec) {
  io.mapOptional("quantize", spec.quantize);
  io.mapOptional("symmetric", spec.symmetric);
  io.mapOptional("per-tensor", spec.perTensor);
  io.mapOptional("int8-dynamic", spec.int8Dynamic);
  io.mapOptional("palettize", spec.palettize);
  io.mapOptional("mode", spec.mode);
  io.mapOptional("table", spec.table);
  io.mapOptional("sparsify", spec.sparsify);
  io.mapOptional("block", spec.block);
  io.mapOptional("threshold", spec.threshold);
  io.mapOptional("n-m", spec.nOfM);
  io.mapOptional("along", spec.along);
  io.mapOptional("keep-zeros", spec.keepZeros);
}

static void mapRule(IO &io, RuleSpec &rule) {
  mapScheme(io, rule.scheme);
  io.mapOptional("keep", rule.keep);
  io.mapOptional("min-elements", rule.minElements);
  io.mapOptional("vectors", rule.vectors);
}

namespace llvm::yaml {
template <> struct MappingTraits<SchemeSpec> {
  static void mapping(IO &io, SchemeSpec &spec) { mapScheme(io, spec); }
};
template <> struct MappingTraits<RuleSpec> {
  static void mapping(IO &io, RuleSpec &rule) { mapRule(io, rule); }
};
template <> struct MappingTraits<NamedRule> {
  static void mapping(IO &io, NamedRule &rule) {
    io.mapRequired("name", rule.name);
    mapRule(io, rule);
  }
};
template <> struct MappingTraits<TypedRule> {
  static void mapping(IO &io, TypedRule &rule) {
    io.mapRequired("type", rule.type);
    mapRule(io, rule);
  }
};
template <> struct MappingTraits<Config> {
  static void mapping(IO &io, Config &config) {
    io.mapOptional("default", config.defaults);
    io.mapOptional("layers", config.layers);
    io.mapOptional("types", config.types);
    io.mapOptional("keep", config.keep);
  }
};
} // namespace llvm::yaml

/// Parses all of \p text; what is wrong is told with \p name and the line.
template <typename T>
static Error parseYaml(StringRef text, const Twine &name, T &value) {
  std::string messages;
  auto collect = [](const llvm::SMDiagnostic &diagnostic, void *context) {
    auto &text = *static_cast<std::string *>(context);
    text += (text.empty() ? "" : "\n") + std::string("line ") +
            std::to_string(diagnostic.getLineNo()) + ": " +
            diagnostic.getMessage().str();
  };
  llvm::yaml::Input input(text, nullptr, collect, &messages);
  input >> value;
  if (!input.error())
    return Error::success();
  if (messages.empty())
    messages = input.error().message();
  return makeError(ExitCode::Usage, name + ": " + messages);
}

/// Turns what was read into a rule for \p pattern.
static Expected<CompressionRule> makeRule(StringRef pattern,
                                          const RuleSpec &spec) {
  CompressionRule rule;
  rule.pattern = pattern.str();
  rule.minElements = spec.minElements;
  rule.vectors = spec.vectors;
  Expected<std::optional<WeightScheme>> scheme = spec.scheme.resolve();
  if (!scheme)
    return addContext("'" + pattern + "'", scheme.takeError());
  rule.scheme = std::move(*scheme);
  if (rule.scheme.has_value() == spec.keep)
    return makeError(ExitCode::Usage,
                     "'" + pattern + "': expected keep, or what to do");
  return rule;
}

Expected<SchemeSpec> mlmodel::parseSchemeSpec(StringRef text) {
  SchemeSpec spec;
  if (Error error = parseYaml(text, "'" + text + "'", spec))
    return std::move(error);
  return spec;
}

Expected<CompressionRule> mlmodel::parseCompressionRule(StringRef pattern,
                                                        StringRef text) {
  RuleSpec spec;
  spec.keep = text.trim() == "keep";
  if (!spec.keep)
    if (Error error = parseYaml(text, "'" + text + "'", spec))
      return std::move(error);
  return makeRule(pattern, spec);
}

/// Puts the section `default` into \p options.
static Error takeDefaults(const RuleSpec &spec, CompressionOptions &options) {
  Expected<std::optional<WeightScheme>> scheme = spec.scheme.resolve();
  if (!scheme)
    return addContext("default", scheme.takeError());
  if (*scheme && spec.keep)
    return makeError(ExitCode::Usage, "default: keep goes without a scheme");
  if (*scheme || spec.keep)
    options.scheme = std::move(*scheme);
  options.minElements = spec.minElements.value_or(options.minElements);
  options.vectors = spec.vectors.value_or(options.vectors);
  return Error::success();
}

static Error takeConfig(const Config &config, CompressionOptions &options) {
  if (config.defaults)
    if (Error error = takeDefaults(*config.defaults, options))
      return error;
  for (const NamedRule &spec : config.layers) {
    Expected<CompressionRule> rule = makeRule(spec.name, spec);
    if (!rule)
      return rule.takeError();
    options.names.push_back(std::move(*rule));
  }
  for (const TypedRule &spec : config.types) {
    Expected<CompressionRule> rule = makeRule(spec.type, spec);
    if (!rule)
      return rule.takeError();
    options.kinds.push_back(std::move(*rule));
  }
  options.skip.insert(options.skip.end(), config.keep.begin(),
                      config.keep.end());
  return Error::success();
}

Error mlmodel::readCompressionConfig(StringRef path,
                                     CompressionOptions &options) {
  Expected<MappedFile::Ref> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  Config config;
  if (Error error = parseYaml((*file)->text(), path, config))
    return error;
  return addContext(path, takeConfig(config, options));
}

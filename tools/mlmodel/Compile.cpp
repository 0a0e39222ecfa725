//===- Compile.cpp - mlmodel compile --------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "MLModel/Runtime/AheadOfTime.h"
#include "MLModel/Support/AtomicFile.h"
#include "RunOptions.h"
#include "llvm/Support/Path.h"

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace path = llvm::sys::path;

namespace {
struct CompileOptions {
  std::string model, output, header, name;
  LoadOptions run;
};
} // namespace

/// A name for the function that C allows, from the user or the file's name.
static Expected<std::string> chooseName(const std::optional<std::string> &given,
                                        StringRef output) {
  if (!given)
    return makeIdentifier(path::stem(output));
  if (makeIdentifier(*given) != *given)
    return makeError(ExitCode::Usage,
                     "--name: '" + *given + "' is no name in C");
  return *given;
}

static Expected<CompileOptions> parseOptions(CommandLine &line) {
  CompileOptions options;
  std::pair<StringRef, std::string *> files[] = {{"-o", &options.output},
                                                 {"--header", &options.header}};
  for (auto [option, target] : files) {
    Expected<std::optional<std::string>> value = line.takeValue(option);
    if (!value)
      return value.takeError();
    *target = value->value_or("");
  }
  Expected<std::optional<std::string>> given = line.takeValue("--name");
  if (!given)
    return given.takeError();
  Expected<LoadOptions> run = takeRunOptions(line);
  if (!run)
    return run.takeError();
  options.run = std::move(*run);
  Expected<std::vector<std::string>> positional = line.finish({"MODEL"});
  if (!positional)
    return positional.takeError();
  options.model = positional->front();
  StringRef kind = path::extension(options.output);
  if (kind != ".o" && kind != ".so")
    return makeError(ExitCode::Usage,
                     "-o: give the name of an .o or .so file to write");
  Expected<std::string> chosen = chooseName(*given, options.output);
  if (!chosen)
    return chosen.takeError();
  options.name = std::move(*chosen);
  return options;
}

static Expected<ExitCode> run(CommandLine &line) {
  Expected<CompileOptions> options = parseOptions(line);
  if (!options)
    return options.takeError();
  Expected<std::unique_ptr<Model>> model =
      Model::load(options->model, options->run);
  if (!model)
    return model.takeError();
  Expected<FeatureMap> inputs = (*model)->makeInputs(std::nullopt);
  if (!inputs)
    return inputs.takeError();
  if (Error error = (*model)->compile(*inputs))
    return std::move(error);
  Expected<CompiledNetwork> network = (*model)->getCompiledNetwork();
  if (!network)
    return network.takeError();
  Expected<std::string> header =
      makeNetworkHeader(**model, *network, options->name);
  if (!header)
    return addContext(options->model, header.takeError());
  if (Error error =
          writeNetworkBinary(*network, options->name, options->output))
    return std::move(error);
  if (!options->header.empty())
    if (Error error = writeFileAtomically(options->header, *header))
      return std::move(error);
  return ExitCode::Ok;
}

const Command mlmodel::compileCommand = {
    "compile", "make a library of a network",
    R"(usage: mlmodel compile MODEL -o OUT.o|OUT.so [--header OUT.h] [--name NAME]

Compiles the network of MODEL for this processor and its declared input shapes,
to an object file or a shared library of one C function, NAME_predict, with the
weights inside. It needs neither this program nor LLVM to run.

  -o FILE        .o or .so; linking needs a C compiler
  --header FILE  the function's declaration, shapes and sizes
  --name NAME    NAME instead of the name of FILE
)" MLMODEL_RUN_OPTIONS_HELP R"(
Networks whose shapes depend on values, loops that may not end, and custom layers
that a library implements need the runtime: they exit with 4.

  mlmodel compile net.mlmodel -o libnet.so --header net.h --name net
)",
    run};

//===- Model.h - Load, describe, predict ------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime's API: no MLIR type in it but through getModule().
//
//   auto model = mlmodel::Model::load("net.mlmodel");   // llvm::Expected
//   mlmodel::FeatureMap inputs{{"image", picture}};
//   auto outputs = (*model)->predict(inputs);
//
// Errors carry an ExitCode: InvalidModel, Unsupported, Limit, Usage or IO.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_RUNTIME_MODEL_H
#define MLMODEL_RUNTIME_MODEL_H

#include "MLModel/Runtime/Features.h"
#include "MLModel/Support/MappedFile.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <memory>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace mlmodel {

class CustomLayerRegistry;
struct CompiledStage;

struct LoadOptions {
  /// LLVM's optimization level for the compiled network, 0 to 3.
  unsigned optLevel = 3;
  /// Most rounds that all loops together may run in one prediction.
  uint64_t maxLoopIterations = 1000000;
  /// Seconds after which a loop is stopped; 0 for no deadline.
  double deadline = 0;
  /// Threads that share the work of a prediction, the caller's among them; 0
  /// for one per core that this process may use. Results do not depend on it,
  /// nor does what the cache keeps.
  unsigned threads = 0;
  /// Chooses layers by name: what they write is kept, see layerBlobs(). It is
  /// then computed even where it could have been fused away, and the runtime
  /// itself follows the branches and loops around such layers.
  std::function<bool(llvm::StringRef)> observe;
  /// Classes that implement custom layers; see Runtime/CustomLayer.h.
  std::shared_ptr<const CustomLayerRegistry> customLayers;
  /// Files of rules for custom layers; see docs/CustomLayers.md. They come
  /// before the registered classes, and those before the rules of the project.
  std::vector<std::string> customRules;
  /// Where compiled code is kept for the next process; empty for nowhere.
  /// docs/Runtime.md tells what the entries are found by.
  std::string cacheDirectory;
  /// Most bytes in that directory; the entries that were not used for longest
  /// are removed.
  uint64_t cacheBytes = uint64_t(4) << 30;
  /// Whether sizes that a model declares to be open share code, besides its
  /// default shape, which gets its own. Otherwise each shape gets its own.
  bool shareCode = true;
  /// Measures the layers; see Model::profile(). Costs a little time.
  bool profile = false;
  /// Compiled code reads float32 weights where the model's file has them, so
  /// that a program that maps a buffer of its own can change them between
  /// predictions. Slower: otherwise it has copies, laid out for its loops.
  bool readWeightsInPlace = false;
  /// Hears of what went wrong without making anything fail: a cache that cannot
  /// be used, an entry in it that is damaged.
  std::function<void(llvm::StringRef)> warn;
};

/// The threads that LoadOptions::threads means with 0.
unsigned getDefaultThreads();

/// Where LoadOptions::cacheDirectory should be for a user's own programs:
/// $XDG_CACHE_HOME/mlmodel or ~/.cache/mlmodel; empty if the environment has
/// neither.
std::string getDefaultCacheDirectory();

/// What the cache of compiled code did so far.
struct CacheUse {
  unsigned hits = 0, misses = 0;
};

/// Bytes that the compiled stages of a model hold, besides inputs and outputs.
struct MemoryUse {
  /// Weights as the code reads them, packed, in the model's file or beside it.
  uint64_t weights = 0;
  /// Intermediate results.
  uint64_t arena = 0;
  uint64_t code = 0;
};

/// What the compiled code of a layer does, and how long it took. Layers that
/// the compiler has fused are one, with both names.
struct LayerProfile {
  std::string layer;
  /// Of all predictions.
  double seconds = 0;
  /// Of one prediction: float operations, bytes of weights read, and bytes of
  /// all that is read or written.
  double operations = 0;
  uint64_t weightBytes = 0, bytes = 0;
};

/// A network that is one stage of compiled code.
struct CompiledNetwork {
  const CompiledStage *stage = nullptr;
  /// The blobs that the stage's inputs and outputs are.
  std::vector<std::string> inputs, outputs;
};

/// What a layer of a network wrote, in the shape that the runtime gives it.
struct LayerBlob {
  std::string layer, kind, blob;
  /// How often the layer ran before in the same prediction, in a loop.
  unsigned run = 0;
  Tensor value;
};

/// A custom layer of a model.
struct CustomLayerUse {
  std::string layer, className;
  /// The rule or the library; empty if there is none.
  std::string implementation;
};

/// Seconds spent so far.
struct ModelTimes {
  double load = 0;
  double compile = 0;
};

/// A model, loaded and verified. Networks are compiled when the first
/// prediction tells their input shapes, and kept for each set of shapes.
class Model {
public:
  /// Maps and verifies a file. Weights stay in the mapping.
  static llvm::Expected<std::unique_ptr<Model>>
  load(llvm::StringRef path, const LoadOptions &options = {});
  /// As above, for a file that is mapped already.
  static llvm::Expected<std::unique_ptr<Model>>
  load(MappedFile::Ref file, const LoadOptions &options = {});
  ~Model();

  llvm::ArrayRef<FeatureDescription> inputs() const;
  llvm::ArrayRef<FeatureDescription> outputs() const;
  llvm::ArrayRef<FeatureDescription> states() const;
  /// The inputs and outputs that recurrent layers keep their state in.
  llvm::ArrayRef<StatePair> statePairs() const;

  /// Infers all shapes from the declared input shapes: finds the first layer
  /// whose inputs do not fit.
  llvm::Error checkShapes();

  /// Checks, without running or compiling anything, that the model's shapes fit
  /// and that every layer of it can be run here.
  llvm::Error checkRunnable();

  /// Compiles the network for the shapes of \p inputs without running it.
  llvm::Error compile(const FeatureMap &inputs);

  /// Runs the model. \p inputs must hold a value for every input that is not
  /// optional, of the declared kind; arrays are converted to float32. Optional
  /// arrays that are missing have their declared shape and default value.
  llvm::Expected<FeatureMap> predict(const FeatureMap &inputs);

  /// As above, one step of a sequence: an input of statePairs() that is not in
  /// \p inputs comes from \p state; where that has none yet, it is its default,
  /// or zeros. Afterwards \p state holds those inputs for the next step.
  llvm::Expected<FeatureMap> predict(const FeatureMap &inputs,
                                     FeatureMap &state);

  /// What the layers that LoadOptions::observe chooses wrote in the last
  /// prediction, in the order in which they ran.
  llvm::ArrayRef<LayerBlob> layerBlobs() const;

  /// An input of the declared shapes: zeros, or uniform random values from
  /// \p seed (0 to 255 for images, -1 to 1 for arrays).
  llvm::Expected<FeatureMap> makeInputs(std::optional<uint64_t> seed) const;

  ModelTimes times() const;
  /// With LoadOptions::profile: the layers of the stages that are compiled so
  /// far, in the order in which each runs.
  std::vector<LayerProfile> profile() const;
  /// Of the stages that are compiled so far.
  MemoryUse memoryUse() const;
  /// Why sizes that the model declares to be open do not share code; empty if
  /// they do, or if none was asked for yet.
  std::string shareProblem() const;
  /// The network that compile() has compiled last. ExitCode::Unsupported if it
  /// needs several stages, or layers that only this process knows.
  llvm::Expected<CompiledNetwork> getCompiledNetwork() const;
  /// All zeros without LoadOptions::cacheDirectory.
  CacheUse cacheUse() const;

  /// The custom layers of the file, and who implements them.
  llvm::ArrayRef<CustomLayerUse> customLayers() const;

  /// The model in the mlmodel dialect, where rules have taken the place of
  /// custom layers.
  mlir::ModuleOp getModule() const;

private:
  struct Impl;
  explicit Model(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace mlmodel

#endif // MLMODEL_RUNTIME_MODEL_H

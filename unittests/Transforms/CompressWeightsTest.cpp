//===- CompressWeightsTest.cpp - Compression of a model's weights ---------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Transforms/CompressWeights.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Transforms/WeightSlots.h"
#include "MLModel/Translate/Translate.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"
#include <random>

using namespace mlir;
using namespace mlmodel;

namespace {

// One layer of each shape of weights, in a stage of a pipeline.
const char *const text = R"mlir(
#conv = #mlmodel.weights<dense<0.0> : tensor<216xf32>>
#up = #mlmodel.weights<dense<0.0> : tensor<192xf32>>
#fc = #mlmodel.weights<dense<0.0> : tensor<320xf32>>
#half = #mlmodel.weights<dense<0.0> : tensor<64xf16>>
#w = #mlmodel.weights<dense<0.0> : tensor<160xf32>>
#r = #mlmodel.weights<dense<0.0> : tensor<64xf32>>
#v = #mlmodel.weights<dense<0.0> : tensor<64xf32>>
#fixed = #mlmodel.weights<dense<0.0> : tensor<64xf32> updatable = true>
mlmodel.model attributes {description = {input = [{name = "x", type = {multiArrayType = {}}}], output = [{name = "h", type = {multiArrayType = {}}}]}, specificationVersion = 1 : i64} {
  mlmodel.pipeline attributes {} {
    mlmodel.model attributes {description = {input = [{name = "x", type = {multiArrayType = {}}}], output = [{name = "h", type = {multiArrayType = {}}}]}, specificationVersion = 2 : i64} {
      mlmodel.network attributes {inputNames = ["x"], outputNames = ["h"]} {
      ^bb0(%x: tensor<*xf32>):
        %0 = mlmodel.convolution <"conv" -> "a"> (%x) {outputChannels = 8 : i64, kernelChannels = 3 : i64, kernelSize = array<i64: 3, 3>, valid = {}, weights = #conv} : (tensor<*xf32>) -> tensor<*xf32>
        %1 = mlmodel.convolution <"up" -> "b"> (%0) {isDeconvolution = true, outputChannels = 12 : i64, kernelChannels = 8 : i64, nGroups = 2 : i64, kernelSize = array<i64: 2, 2>, valid = {}, weights = #up} : (tensor<*xf32>) -> tensor<*xf32>
        %2 = mlmodel.inner_product <"fc" -> "c"> (%1) {inputChannels = 20 : i64, outputChannels = 16 : i64, weights = #fc} : (tensor<*xf32>) -> tensor<*xf32>
        %3 = mlmodel.inner_product <"half" -> "d"> (%2) {inputChannels = 8 : i64, outputChannels = 8 : i64, weights = #half} : (tensor<*xf32>) -> tensor<*xf32>
        %4 = mlmodel.simple_recurrent <"rnn" -> "e"> (%3) {inputVectorSize = 20 : i64, outputVectorSize = 8 : i64, activation = {tanh = {}}, weightMatrix = #w, recursionMatrix = #r} : (tensor<*xf32>) -> tensor<*xf32>
        %5 = mlmodel.uni_directional_lstm <"lstm" -> "f"> (%4) {inputVectorSize = 20 : i64, outputVectorSize = 8 : i64, activations = [{sigmoid = {}}, {tanh = {}}, {tanh = {}}], params = {}, weightParams = {inputGateWeightMatrix = #w, forgetGateWeightMatrix = #w, blockInputWeightMatrix = #w, outputGateWeightMatrix = #w, inputGateRecursionMatrix = #r, forgetGateRecursionMatrix = #r, blockInputRecursionMatrix = #r, outputGateRecursionMatrix = #r}} : (tensor<*xf32>) -> tensor<*xf32>
        %6 = mlmodel.bias <"bias" -> "g"> (%5) {shape = array<i64: 64>, bias = #v} : (tensor<*xf32>) -> tensor<*xf32>
        %7 = mlmodel.inner_product <"fixed" -> "h"> (%6) {inputChannels = 8 : i64, outputChannels = 8 : i64, weights = #fixed} : (tensor<*xf32>) -> tensor<*xf32>
        mlmodel.output %7 : tensor<*xf32>
      }
    }
  }
}
)mlir";

class CompressWeightsTest : public testing::Test {
protected:
  void SetUp() override {
    context.loadDialect<MLModelDialect>();
    module = parse();
  }

  /// The model above with random weights.
  OwningOpRef<ModuleOp> parse() {
    OwningOpRef<ModuleOp> result =
        parseSourceString<ModuleOp>(text, ParserConfig(&context, false));
    std::mt19937 random(7);
    for (const WeightSlot &slot : findSlots(*result))
      slot.set(fill(slot.get(), random));
    return result;
  }

  WeightsAttr fill(WeightsAttr weights, std::mt19937 &random) {
    bool isHalf = getStorage(weights) == WeightStorage::Float16;
    std::vector<uint8_t> bytes;
    for (int64_t i = 0, e = weights.getData().getNumElements(); i != e; ++i) {
      // Halves of 0x3000 to 0x3fff are 0.125 to 2.
      uint32_t half = 0x3000 | (random() & 0xfff);
      float value = static_cast<int32_t>(random()) * 0x1p-31f;
      uint32_t bits;
      memcpy(&bits, &value, sizeof(bits));
      const void *source = isHalf ? &half : &bits;
      size_t width = isHalf ? 2 : 4;
      bytes.resize(bytes.size() + width);
      memcpy(bytes.data() + bytes.size() - width, source, width);
    }
    Type type = weights.getData().getElementType();
    return WeightsAttr::get(&context, makePayload(type, "w", std::move(bytes)),
                            Attribute(), weights.getIsUpdatable());
  }

  static std::vector<WeightSlot> findSlots(ModuleOp module) {
    std::vector<WeightSlot> slots;
    module.walk([&](LayerOpInterface layer) {
      llvm::append_range(slots, WeightSlot::findAll(layer));
    });
    return slots;
  }
  static ModelOp getModel(ModuleOp module) {
    return cast<ModelOp>(module.getBody()->front());
  }
  /// All weights as float32, by layer and field.
  static std::map<std::string, std::vector<float>> decodeAll(ModuleOp module) {
    OwningOpRef<ModuleOp> copy = module.clone();
    EXPECT_TRUE(bool(decompressWeights(getModel(*copy))));
    std::map<std::string, std::vector<float>> values;
    for (const WeightSlot &slot : findSlots(*copy))
      values[slot.describe()] = mlmodel::decodeWeights(
          slot.get(), slot.get().getData().getNumElements());
    return values;
  }
  CompressionReport compress(const CompressionOptions &options) {
    llvm::Expected<CompressionReport> report =
        compressWeights(getModel(*module), options, /*threads=*/2);
    if (report)
      return std::move(*report);
    ADD_FAILURE() << llvm::toString(report.takeError());
    return {};
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

CompressionOptions makeOptions(CompressionMethod method, unsigned bits) {
  CompressionOptions options;
  options.scheme.emplace();
  options.scheme->method = method;
  options.scheme->bits = bits;
  options.minElements = 64;
  return options;
}

TEST_F(CompressWeightsTest, ReportsWhatReadersDecode) {
  std::map<std::string, std::vector<float>> before = decodeAll(*module);
  for (CompressionMethod method :
       {CompressionMethod::Linear, CompressionMethod::LinearSymmetric,
        CompressionMethod::KMeans, CompressionMethod::Uniform}) {
    for (unsigned bits = 2; bits <= 8; ++bits) {
      module = parse();
      CompressionOptions options = makeOptions(method, bits);
      options.vectors = true;
      CompressionReport report = compress(options);
      // A table of 256 entries is larger than these weights.
      bool isPalette = method == CompressionMethod::KMeans ||
                       method == CompressionMethod::Uniform;
      EXPECT_EQ(report.weights.empty(), isPalette && bits == 8);
      std::map<std::string, std::vector<float>> after = decodeAll(*module);
      for (const WeightReport &weight : report.weights) {
        std::string key = "layer '" + weight.layer + "' (" + weight.kind +
                          "): " + weight.field;
        ErrorReport error = measureError(before.at(key), after.at(key));
        EXPECT_EQ(error.squaredError, weight.error.squaredError) << key;
        EXPECT_EQ(error.maxAbsError, weight.error.maxAbsError) << key;
        EXPECT_EQ(weight.bits, bits);
        EXPECT_LT(weight.bytesAfter, weight.bytesBefore);
        EXPECT_EQ(weight.certificate.has_value(),
                  method == CompressionMethod::KMeans);
      }
      for (const SkippedWeight &weight : report.skipped) {
        std::string key = "layer '" + weight.layer + "' (" + weight.kind +
                          "): " + weight.field;
        EXPECT_EQ(before.at(key), after.at(key)) << key;
      }
    }
  }
}

TEST_F(CompressWeightsTest, FindsAllWeights) {
  CompressionReport report =
      compress(makeOptions(CompressionMethod::KMeans, 2));
  std::vector<std::string> found;
  for (const WeightReport &weight : report.weights)
    found.push_back(weight.layer + "." + weight.field);
  // conv, up, fc, half, two of rnn, eight of lstm; not bias, not fixed.
  EXPECT_EQ(found.size(), 14u);
  EXPECT_EQ(llvm::count(found, "lstm.weightParams.inputGateRecursionMatrix"),
            1);
  ASSERT_EQ(report.skipped.size(), 1u);
  EXPECT_EQ(report.skipped[0].reason, "updatable");
}

TEST_F(CompressWeightsTest, ScalesOfDeconvolutionsAreOfTheirSecondAxis) {
  compress(makeOptions(CompressionMethod::Linear, 8));
  for (const WeightSlot &slot : findSlots(*module)) {
    if (slot.getLayerName() != "up")
      continue;
    auto linear = cast<LinearQuantizationAttr>(slot.get().getQuantization());
    EXPECT_EQ(linear.getScale().size(), 6);
  }
}

TEST_F(CompressWeightsTest, EightBitsAreWithinHalfAStep) {
  std::map<std::string, std::vector<float>> before = decodeAll(*module);
  CompressionReport report =
      compress(makeOptions(CompressionMethod::Linear, 8));
  // All values are in [-2, 2].
  for (const WeightReport &weight : report.weights)
    EXPECT_LE(weight.error.maxAbsError, 4.0 / 255 / 2 * 1.001) << weight.layer;
}

TEST_F(CompressWeightsTest, WrittenFilesReadBackTheSame) {
  compress(makeOptions(CompressionMethod::KMeans, 3));
  llvm::FailureOr<Rope> first = exportModel(*module);
  ASSERT_TRUE(succeeded(first));
  auto bytes = std::make_shared<std::string>(first->str());
  OwningOpRef<ModuleOp> again = importModel(
      &context,
      Bytes(reinterpret_cast<const uint8_t *>(bytes->data()), bytes->size()),
      bytes, "again");
  ASSERT_TRUE(again);
  EXPECT_EQ(decodeAll(*module), decodeAll(*again));
  llvm::FailureOr<Rope> second = exportModel(*again);
  ASSERT_TRUE(succeeded(second));
  EXPECT_TRUE(second->str() == *bytes);
}

TEST_F(CompressWeightsTest, ThreadsDoNotMatter) {
  CompressionOptions options = makeOptions(CompressionMethod::KMeans, 4);
  ASSERT_TRUE(bool(compressWeights(getModel(*module), options, 1)));
  std::string one = exportModel(*module)->str();
  module = parse();
  size_t items = 0;
  uint64_t work = 0, total = 0;
  llvm::Expected<CompressionReport> report = compressWeights(
      getModel(*module), options, 4, [&](const CompressionProgress &progress) {
        items += !progress.begun.empty();
        work += progress.finished;
        total = progress.totalWork;
      });
  ASSERT_TRUE(bool(report));
  EXPECT_TRUE(exportModel(*module)->str() == one);
  EXPECT_EQ(items, report->weights.size());
  EXPECT_EQ(work, total);
}

TEST_F(CompressWeightsTest, VersionsOfAllModelsAroundAreRaised) {
  CompressionOptions options = makeOptions(CompressionMethod::Linear, 8);
  options.skip = {"."};
  EXPECT_TRUE(compress(options).weights.empty());
  EXPECT_EQ(getModel(*module).getSpecificationVersion(), 1);
  options.skip = {"^conv$"};
  compress(options);
  module->walk(
      [](ModelOp model) { EXPECT_EQ(model.getSpecificationVersion(), 3); });
}

TEST_F(CompressWeightsTest, QuantizedWeightsStay) {
  compress(makeOptions(CompressionMethod::Linear, 8));
  std::string once = exportModel(*module)->str();
  CompressionOptions again = makeOptions(CompressionMethod::KMeans, 4);
  // Its scales would have made this one larger.
  again.skip = {"^half$"};
  EXPECT_TRUE(compress(again).weights.empty());
  EXPECT_TRUE(exportModel(*module)->str() == once);
}

TEST_F(CompressWeightsTest, UniqueLeavesWhatItCannotHold) {
  CompressionReport report =
      compress(makeOptions(CompressionMethod::Unique, 4));
  EXPECT_TRUE(report.weights.empty());
  EXPECT_FALSE(report.skipped.empty());
}

TEST_F(CompressWeightsTest, RefusesNaNAndChangesNothing) {
  for (const WeightSlot &slot : findSlots(*module)) {
    if (slot.getLayerName() != "lstm")
      continue;
    auto type = RankedTensorType::get(slot.get().getData().getNumElements(),
                                      Float32Type::get(&context));
    slot.set(WeightsAttr::get(&context,
                              DenseElementsAttr::get(type, std::nanf("")),
                              Attribute(), BoolAttr()));
    break;
  }
  std::string before = exportModel(*module)->str();
  llvm::Expected<CompressionReport> report = compressWeights(
      getModel(*module), makeOptions(CompressionMethod::Linear, 8));
  ASSERT_FALSE(bool(report));
  ExitCode code;
  std::string message = takeMessage(report.takeError(), code);
  EXPECT_EQ(code, ExitCode::InvalidModel);
  EXPECT_NE(message.find("layer 'lstm' (uniDirectionalLSTM): weightParams."),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("nan"), std::string::npos) << message;
  EXPECT_TRUE(exportModel(*module)->str() == before);
}

TEST_F(CompressWeightsTest, RefusesOptionsOutOfRange) {
  auto getError = [&](const CompressionOptions &options) {
    llvm::Expected<CompressionReport> report =
        compressWeights(getModel(*module), options);
    if (report)
      return ExitCode::Ok;
    ExitCode code;
    takeMessage(report.takeError(), code);
    return code;
  };
  EXPECT_EQ(getError(makeOptions(CompressionMethod::KMeans, 0)),
            ExitCode::Usage);
  EXPECT_EQ(getError(makeOptions(CompressionMethod::Linear, 9)),
            ExitCode::Usage);
  EXPECT_EQ(getError(makeOptions(CompressionMethod::LinearSymmetric, 1)),
            ExitCode::Usage);
  CompressionOptions options;
  options.skip = {"("};
  EXPECT_EQ(getError(options), ExitCode::Usage);
  options.skip.clear();
  options.kinds.push_back({"softmax", std::nullopt, {}, {}});
  EXPECT_EQ(getError(options), ExitCode::Usage);
}

//===----------------------------------------------------------------------===//
// Pruning
//===----------------------------------------------------------------------===//

WeightScheme makePruned(CompressionMethod method, unsigned bits,
                        Pruning::Method pruning) {
  WeightScheme scheme;
  scheme.method = method;
  scheme.bits = bits;
  scheme.pruning.emplace();
  scheme.pruning->method = pruning;
  scheme.pruning->sparsity = 0.75;
  scheme.pruning->threshold = 0.5f;
  scheme.pruning->n = 2;
  scheme.pruning->m = 4;
  scheme.pruning->block = 2;
  return scheme;
}

/// Whatever stores the values afterwards, what was pruned decodes to exactly 0
/// and nothing else moves further than the method alone would move it.
TEST_F(CompressWeightsTest, PrunedValuesDecodeToZero) {
  std::map<std::string, std::vector<float>> before = decodeAll(*module);
  for (CompressionMethod method :
       {CompressionMethod::None, CompressionMethod::Float16,
        CompressionMethod::Linear, CompressionMethod::LinearSymmetric,
        CompressionMethod::KMeans})
    for (auto pruning : {Pruning::Method::Magnitude, Pruning::Method::Threshold,
                         Pruning::Method::NofM, Pruning::Method::Block}) {
      module = parse();
      CompressionOptions options = makeOptions(method, 5);
      options.scheme = makePruned(method, 5, pruning);
      CompressionReport report = compress(options);
      EXPECT_GE(report.weights.size(), 10u);
      std::map<std::string, std::vector<float>> after = decodeAll(*module);
      for (const WeightReport &weight : report.weights) {
        std::string key = "layer '" + weight.layer + "' (" + weight.kind +
                          "): " + weight.field;
        const std::vector<float> &values = after.at(key);
        EXPECT_EQ(weight.zeros, size_t(llvm::count(values, 0.0f))) << key;
        double least = pruning == Pruning::Method::Magnitude ? 0.75 : 0.4;
        if (pruning != Pruning::Method::Threshold) {
          EXPECT_GE(weight.getSparsity(), least) << key;
        }
        double farthest = 0;
        for (auto [a, b] : llvm::zip_equal(before.at(key), values)) {
          if (pruning == Pruning::Method::Threshold) {
            EXPECT_TRUE(std::fabs(a) > 0.5f || b == 0) << key << " " << a;
          }
          if (b != 0)
            farthest = std::max(farthest, std::fabs(double(a) - b));
        }
        // 31 steps over at most [-2, 2].
        EXPECT_LE(farthest, 4.0 / 30) << key;
      }
    }
}

TEST_F(CompressWeightsTest, PruningAloneKeepsTheOtherBits) {
  std::map<std::string, std::vector<float>> before = decodeAll(*module);
  CompressionOptions options = makeOptions(CompressionMethod::None, 8);
  options.scheme =
      makePruned(CompressionMethod::None, 8, Pruning::Method::NofM);
  CompressionReport report = compress(options);
  std::map<std::string, std::vector<float>> after = decodeAll(*module);
  for (auto &[key, values] : before)
    for (auto [a, b] : llvm::zip_equal(values, after.at(key)))
      EXPECT_TRUE(a == b || b == 0) << key;
  // Half precision stays half precision.
  for (const WeightReport &weight : report.weights)
    EXPECT_EQ(weight.bits, weight.layer == "half" ? 16u : 32u);
}

TEST_F(CompressWeightsTest, PalettesKeepZerosWithoutPruning) {
  WeightScheme pruned =
      makePruned(CompressionMethod::None, 8, Pruning::Method::Magnitude);
  CompressionOptions options = makeOptions(CompressionMethod::None, 8);
  options.scheme = pruned;
  compress(options);
  std::map<std::string, std::vector<float>> sparse = decodeAll(*module);
  options = makeOptions(CompressionMethod::KMeans, 3);
  options.scheme->keepZeros = true;
  CompressionReport report = compress(options);
  EXPECT_FALSE(report.weights.empty());
  std::map<std::string, std::vector<float>> after = decodeAll(*module);
  for (auto &[key, values] : sparse)
    for (auto [a, b] : llvm::zip_equal(values, after.at(key)))
      EXPECT_EQ(a == 0, b == 0) << key;
}

//===----------------------------------------------------------------------===//
// Float16, signed bytes, tables
//===----------------------------------------------------------------------===//

TEST_F(CompressWeightsTest, HalvesNeedVersionTwo) {
  CompressionReport report =
      compress(makeOptions(CompressionMethod::Float16, 8));
  EXPECT_EQ(report.weights.size(), 13u);
  EXPECT_EQ(getModel(*module).getSpecificationVersion(), 2);
  for (const WeightReport &weight : report.weights) {
    EXPECT_EQ(weight.bytesAfter * 2, weight.bytesBefore);
    // Values are in [-1, 1]: half a unit in the last place.
    EXPECT_LE(weight.error.maxAbsError, 0x1p-12);
  }
}

TEST_F(CompressWeightsTest, SignedBytesAreForProductsOnly) {
  CompressionReport report =
      compress(makeOptions(CompressionMethod::Int8Dynamic, 8));
  std::vector<std::string> found;
  for (const WeightReport &weight : report.weights)
    found.push_back(weight.layer);
  EXPECT_EQ(found, (std::vector<std::string>{"fc", "half"}));
  EXPECT_EQ(getModel(*module).getSpecificationVersion(), 5);
  module->walk([](LayerOpInterface layer) {
    bool isBytes = layer.getLayer().getName() == "fc" ||
                   layer.getLayer().getName() == "half";
    EXPECT_EQ(layer->hasAttr("int8DynamicQuantize"), isBytes);
  });
  EXPECT_TRUE(succeeded(verify(*module)));
  for (const WeightReport &weight : report.weights)
    EXPECT_LE(weight.error.maxAbsError, 2.0 / 127 * 1.001) << weight.layer;
}

TEST_F(CompressWeightsTest, TablesTakeTheNearestEntry) {
  CompressionOptions options = makeOptions(CompressionMethod::Table, 0);
  std::vector<float> table = {0.5f, -0.5f, 0.0f, 1.5f, -1.5f};
  options.scheme->table = std::make_shared<const std::vector<float>>(table);
  std::map<std::string, std::vector<float>> before = decodeAll(*module);
  CompressionReport report = compress(options);
  EXPECT_FALSE(report.weights.empty());
  std::map<std::string, std::vector<float>> after = decodeAll(*module);
  for (const WeightReport &weight : report.weights) {
    EXPECT_EQ(weight.bits, 3u);
    std::string key =
        "layer '" + weight.layer + "' (" + weight.kind + "): " + weight.field;
    for (auto [a, b] : llvm::zip_equal(before.at(key), after.at(key)))
      for (float entry : table)
        EXPECT_LE(std::fabs(a - b), std::fabs(a - entry));
  }
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

TEST_F(CompressWeightsTest, NamesComeBeforeKindsBeforeDefaults) {
  CompressionOptions options = makeOptions(CompressionMethod::Linear, 8);
  auto add = [](std::vector<CompressionRule> &rules, const char *pattern,
                const char *text) {
    llvm::Expected<CompressionRule> rule = parseCompressionRule(pattern, text);
    ASSERT_TRUE(bool(rule)) << llvm::toString(rule.takeError());
    rules.push_back(std::move(*rule));
  };
  add(options.names, "^half$", "{palettize: 2, min-elements: 1}");
  add(options.names, "^rnn$", "keep");
  add(options.kinds, "innerProduct", "{quantize: 4, symmetric: true}");
  add(options.kinds, "convolution", "{sparsify: 0.5, palettize: 3}");
  CompressionReport report = compress(options);
  std::map<std::string, std::string> schemes;
  for (const WeightReport &weight : report.weights)
    schemes[weight.layer] = weight.scheme.describe();
  EXPECT_EQ(schemes["half"], "kmeans, 2 bits");
  EXPECT_EQ(schemes["fc"], "linear-symmetric, 4 bits");
  EXPECT_EQ(schemes["conv"], "magnitude 0.50, kmeans, 3 bits");
  EXPECT_EQ(schemes["lstm"], "linear, 8 bits");
  EXPECT_EQ(schemes.count("rnn"), 0u);
  EXPECT_EQ(llvm::count_if(report.skipped,
                           [](const SkippedWeight &weight) {
                             return weight.reason == "kept by name";
                           }),
            2);
}

TEST_F(CompressWeightsTest, RefusesSchemesThatDoNotFit) {
  auto fails = [](const char *text) {
    llvm::Expected<CompressionRule> rule = parseCompressionRule("x", text);
    if (rule)
      return false;
    ExitCode code;
    takeMessage(rule.takeError(), code);
    return code == ExitCode::Usage;
  };
  for (const char *text :
       {"{}", "{quantize: 4, palettize: 4}", "{quantize: 9}", "{bits: 4}",
        "{quantize: x}", "{symmetric: true}", "{palettize: 4, mode: linear}",
        "{palettize: 4, mode: table}", "{sparsify: 1.5}", "{n-m: '4:4'}",
        "{sparsify: 0.5, threshold: 1}", "{block: 4}", "{threshold: -1}",
        "{sparsify: 0.5, palettize: 4, mode: uniform}",
        "{quantize: 8, keep: true}", "{sparsify: 0.5, along: outputs}",
        "{quantize: 16, symmetric: true}", "[1", "quantize"})
    EXPECT_TRUE(fails(text)) << text;
}

} // namespace

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
        compressWeights(getModel(*module), options);
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
  options.method = method;
  options.bits = bits;
  options.minElements = 64;
  options.threads = 2;
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
  options.threads = 1;
  compress(options);
  std::string one = exportModel(*module)->str();
  module = parse();
  options.threads = 4;
  size_t items = 0;
  uint64_t work = 0, total = 0;
  llvm::Expected<CompressionReport> report = compressWeights(
      getModel(*module), options, [&](const CompressionProgress &progress) {
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
}

} // namespace

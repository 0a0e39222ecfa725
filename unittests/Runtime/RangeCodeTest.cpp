//===- RangeCodeTest.cpp - One code for a range of sizes ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../lib/Runtime/NetworkExecutor.h"
#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Transforms/CompressWeights.h"
#include "MLModel/Transforms/WeightSlots.h"
#include "MLModel/Translate/Translate.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"
#include <random>

using namespace mlir;
using namespace mlmodel;

namespace {

/// Images of open height and width.
const char *const image = R"mlir(
#c1 = #mlmodel.weights<dense<0.0> : tensor<432xf32>>
#c2 = #mlmodel.weights<dense<0.0> : tensor<4608xf32>>
#c3 = #mlmodel.weights<dense<0.0> : tensor<1024xf32>>
#v = #mlmodel.weights<dense<0.0> : tensor<32xf32>>
mlmodel.model attributes {specificationVersion = 4 : i64, description = {
  input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 3, 32, 32> RANGE}}}],
  output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %0 = mlmodel.convolution <"c1" -> "a"> (%x) {outputChannels = 16 : i64, kernelChannels = 3 : i64, kernelSize = array<i64: 3, 3>, stride = array<i64: 2, 2>, same = {}, weights = #c1} : (tensor<*xf32>) -> tensor<*xf32>
    %1 = mlmodel.activation <"r1" -> "b"> (%0) {ReLU = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %2 = mlmodel.convolution <"c2" -> "c"> (%1) {outputChannels = 32 : i64, kernelChannels = 16 : i64, kernelSize = array<i64: 3, 3>, same = {}, weights = #c2} : (tensor<*xf32>) -> tensor<*xf32>
    %3 = mlmodel.batchnorm <"bn" -> "d"> (%2) {channels = 32 : i64, gamma = #v, beta = #v, mean = #v, variance = #v} : (tensor<*xf32>) -> tensor<*xf32>
    %4 = mlmodel.pooling <"max" -> "e"> (%3) {kind = "MAX", kernelSize = array<i64: 2, 2>, stride = array<i64: 2, 2>, valid = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %5 = mlmodel.convolution <"c3" -> "f"> (%4) {outputChannels = 32 : i64, kernelChannels = 32 : i64, kernelSize = array<i64: 1, 1>, valid = {}, weights = #c3} : (tensor<*xf32>) -> tensor<*xf32>
    %6 = mlmodel.upsample <"up" -> "g"> (%5) {scalingFactor = array<i64: 2, 2>} : (tensor<*xf32>) -> tensor<*xf32>
    %7 = mlmodel.concat <"cat" -> "h"> (%6, %3) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %8 = mlmodel.softmax <"soft" -> "i"> (%7) : (tensor<*xf32>) -> tensor<*xf32>
    %9 = mlmodel.pooling <"mean" -> "y"> (%8) {kind = "AVERAGE", kernelSize = array<i64: 3, 3>, stride = array<i64: 1, 1>, same = {}, avgPoolExcludePadding = true} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %9 : tensor<*xf32>
  }
}
)mlir";

/// Sequences of open length: attention with itself.
const char *const sequence = R"mlir(
#q = #mlmodel.weights<dense<0.0> : tensor<1024xf32>>
#v = #mlmodel.weights<dense<0.0> : tensor<32xf32>>
mlmodel.model attributes {specificationVersion = 4 : i64, description = {
  input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 20, 32> RANGE}}}],
  output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %0 = mlmodel.inner_product <"q" -> "a"> (%x) {inputChannels = 32 : i64, outputChannels = 32 : i64, weights = #q} : (tensor<*xf32>) -> tensor<*xf32>
    %1 = mlmodel.inner_product <"k" -> "b"> (%x) {inputChannels = 32 : i64, outputChannels = 32 : i64, weights = #q} : (tensor<*xf32>) -> tensor<*xf32>
    %2 = mlmodel.batched_matmul <"scores" -> "c"> (%0, %1) {transposeB = true} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %3 = mlmodel.softmax_nd <"soft" -> "d"> (%2) {axis = -1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
    %4 = mlmodel.batched_matmul <"mix" -> "e"> (%3, %x) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %5 = mlmodel.add_broadcastable <"sum" -> "f"> (%4, %x) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %6 = mlmodel.layer_normalization <"norm" -> "y"> (%5) {normalizedShape = array<i64: 32>, eps = 0.125 : f32, gamma = #v, beta = #v} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %6 : tensor<*xf32>
  }
}
)mlir";

/// A convolution of 1 x 1 whose weights are a megabyte even in 8 bits.
const char *const wide = R"mlir(
#c = #mlmodel.weights<dense<0.0> : tensor<1327104xf32>>
mlmodel.model attributes {specificationVersion = 4 : i64, description = {
  input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1152, 12, 12> RANGE}}}],
  output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %0 = mlmodel.convolution <"c" -> "y"> (%x) {outputChannels = 1152 : i64, kernelChannels = 1152 : i64, kernelSize = array<i64: 1, 1>, valid = {}, weights = #c} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %0 : tensor<*xf32>
  }
}
)mlir";

std::string withRange(StringRef text, StringRef range) {
  auto [before, after] = text.split(" RANGE");
  return (before + (range.empty() ? "" : ", shapeRange = {sizeRanges = [") +
          range + (range.empty() ? "" : "]}") + after)
      .str();
}

class RangeCodeTest : public testing::Test {
protected:
  void SetUp() override { context.loadDialect<MLModelDialect>(); }

  /// A model with random weights, those of variances positive.
  OwningOpRef<ModuleOp> parse(const std::string &text) {
    OwningOpRef<ModuleOp> module =
        parseSourceString<ModuleOp>(text, ParserConfig(&context));
    EXPECT_TRUE(module);
    std::mt19937 random(3);
    module->walk([&](LayerOpInterface layer) {
      for (WeightSlot &slot : WeightSlot::findAll(layer)) {
        std::vector<float> values(slot.get().getData().getNumElements());
        for (float &value : values)
          value = static_cast<int32_t>(random() | 1u << 30) * 0x1p-31f;
        if (slot.getField() == "variance")
          llvm::for_each(values,
                         [](float &value) { value = 1 + value * value; });
        auto *begin = reinterpret_cast<const uint8_t *>(values.data());
        slot.set(WeightsAttr::get(
            &context,
            makePayload(Float32Type::get(&context), slot.getField(),
                        {begin, begin + values.size() * sizeof(float)}),
            Attribute(), BoolAttr()));
      }
    });
    return module;
  }

  static ModelOp getModel(ModuleOp module) {
    return cast<ModelOp>(module.getBody()->front());
  }

  static NetworkOp getNetwork(ModuleOp module) {
    return cast<NetworkOp>(*getModel(module).getContent());
  }

  /// Compresses all weights by \p scheme, as a user writes it.
  static void compress(ModuleOp module, StringRef scheme) {
    CompressionOptions options;
    options.scheme = *cantFail(cantFail(parseSchemeSpec(scheme)).resolve());
    llvm::Expected<CompressionReport> report =
        compressWeights(getModel(module), options, /*threads=*/1);
    ASSERT_TRUE(bool(report)) << llvm::toString(report.takeError());
  }

  static FloatTensor predict(NetworkExecutor &executor,
                             ArrayRef<int64_t> shape) {
    std::vector<float> values(ShapedType::getNumElements(shape));
    for (size_t i = 0; i != values.size(); ++i)
      values[i] = static_cast<float>(i * 31 % 101) / 64 - 0.75f;
    llvm::Expected<std::vector<TensorView>> outputs =
        executor.run(TensorView{values.data(), shape});
    if (!outputs) {
      ADD_FAILURE() << llvm::toString(outputs.takeError());
      return {};
    }
    ArrayRef<float> elements = getElements(outputs->front());
    auto *copy = static_cast<float *>(malloc(elements.size() * sizeof(float)));
    llvm::copy(elements, copy);
    return FloatTensor(copy, outputs->front().shape.vec());
  }

  /// Predicts for all \p shapes with code that they share and with code of
  /// their own, with weights that \p scheme, if any, compresses.
  void compare(StringRef text, StringRef range,
               ArrayRef<SmallVector<int64_t>> shapes, StringRef scheme = "") {
    OwningOpRef<ModuleOp> open = parse(withRange(text, range));
    OwningOpRef<ModuleOp> fixed = parse(withRange(text, ""));
    if (!scheme.empty()) {
      compress(*open, scheme);
      compress(*fixed, scheme);
    }
    NetworkExecutor shared(getNetwork(*open), "open", LoadOptions(), nullptr);
    std::optional<uint64_t> codeBytes;
    for (ArrayRef<int64_t> shape : shapes) {
      SCOPED_TRACE(testing::PrintToString(shape.vec()));
      FloatTensor ours = predict(shared, shape);
      EXPECT_EQ(shared.getRangeProblem().str(), "");
      if (!codeBytes)
        codeBytes = shared.getMemoryUse().code;
      EXPECT_EQ(*codeBytes, shared.getMemoryUse().code) << "compiled again";
      NetworkExecutor own(getNetwork(*fixed), "fixed", LoadOptions(), nullptr);
      FloatTensor theirs = predict(own, shape);
      ASSERT_EQ(ours.shape(), theirs.shape());
      for (int64_t i = 0; i != ours.numElements(); ++i)
        ASSERT_NEAR(ours.data()[i], theirs.data()[i],
                    1e-5 * (1 + std::fabs(theirs.data()[i])))
            << "at " << i;
    }
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
};

TEST_F(RangeCodeTest, ImagesOfManySizesShareCode) {
  std::vector<SmallVector<int64_t>> shapes;
  for (auto [height, width] : {std::pair(64, 64),
                               {32, 48},
                               {8, 8},
                               {100, 60},
                               {24, 12},
                               {39, 131},
                               {20, 8},
                               {128, 16},
                               {48, 48},
                               {96, 103},
                               {15, 40},
                               {64, 200}})
    shapes.push_back({1, 1, 3, height, width});
  compare(image,
          "{lowerBound = 3 : i64, upperBound = 3 : i64}, "
          "{lowerBound = 4 : i64, upperBound = 512 : i64}, "
          "{lowerBound = 4 : i64, upperBound = -1 : i64}",
          shapes);
}

/// Pooled to one row, the image has no loop over rows: such a size needs code
/// of its own, and is told.
TEST_F(RangeCodeTest, SizesThatLowerInAnotherWayAreCompiled) {
  const char *range = "{lowerBound = 3 : i64, upperBound = 3 : i64}, "
                      "{lowerBound = 4 : i64, upperBound = 512 : i64}, "
                      "{lowerBound = 4 : i64, upperBound = 512 : i64}";
  OwningOpRef<ModuleOp> open = parse(withRange(image, range));
  NetworkExecutor shared(getNetwork(*open), "open", LoadOptions(), nullptr);
  EXPECT_EQ(predict(shared, {1, 1, 3, 4, 16}).shape(),
            ArrayRef<int64_t>({1, 1, 64, 2, 8}));
  EXPECT_NE(shared.getRangeProblem().str(), "");
}

/// The default shape has code of its own, and so has everything if asked.
TEST_F(RangeCodeTest, OptionsDecideWhatIsShared) {
  const char *range = "{lowerBound = 1 : i64, upperBound = 512 : i64}, "
                      "{lowerBound = 32 : i64, upperBound = 32 : i64}";
  OwningOpRef<ModuleOp> open = parse(withRange(sequence, range));
  for (bool shareCode : {true, false}) {
    LoadOptions options;
    options.shareCode = shareCode;
    NetworkExecutor executor(getNetwork(*open), "open", options, nullptr);
    uint64_t before = 0;
    for (int64_t length : {20, 33, 50}) {
      predict(executor, {length, 32});
      uint64_t code = executor.getMemoryUse().code;
      bool isOwn = !shareCode || length != 50;
      EXPECT_EQ(code > before, isOwn) << length;
      before = code;
    }
  }
}

/// What the compiler computes for a size is passed to the code.
TEST_F(RangeCodeTest, ConstantsOfASizeArePassed) {
  const char *shape = R"mlir(
mlmodel.model attributes {specificationVersion = 4 : i64, description = {
  input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 20, 4, 5> RANGE}}}],
  output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %0 = mlmodel.get_shape <"shape" -> "y"> (%x) : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %0 : tensor<*xf32>
  }
}
)mlir";
  compare(shape,
          "{lowerBound = 1 : i64, upperBound = 512 : i64}, "
          "{lowerBound = 4 : i64, upperBound = 4 : i64}, "
          "{lowerBound = 5 : i64, upperBound = 5 : i64}",
          {{10, 4, 5}, {11, 4, 5}, {300, 4, 5}});
}

/// Weights in a few bits are laid out for the kernels once for each size that
/// is lowered: the same ones all the same.
TEST_F(RangeCodeTest, CompressedWeightsShareCode) {
  const char *range = "{lowerBound = 1152 : i64, upperBound = 1152 : i64}, "
                      "{lowerBound = 1 : i64, upperBound = 64 : i64}, "
                      "{lowerBound = 1 : i64, upperBound = 64 : i64}";
  SmallVector<int64_t> shapes[] = {{1, 1, 1152, 9, 14}, {1, 1, 1152, 64, 63}};
  for (const char *scheme :
       {"{quantize: 8}", "{palettize: 2}", "{sparsify: 0.95}"}) {
    SCOPED_TRACE(scheme);
    compare(wide, range, shapes, scheme);
  }
}

TEST_F(RangeCodeTest, SequencesOfManyLengthsShareCode) {
  std::vector<SmallVector<int64_t>> shapes;
  for (int64_t length : {64, 10, 2, 3, 7, 8, 9, 33, 100, 128, 255, 17})
    shapes.push_back({length, 32});
  compare(sequence,
          "{lowerBound = 1 : i64, upperBound = 512 : i64}, "
          "{lowerBound = 32 : i64, upperBound = 32 : i64}",
          shapes);
}

} // namespace

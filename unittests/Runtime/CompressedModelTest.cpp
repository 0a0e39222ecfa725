//===- CompressedModelTest.cpp - Compressed in memory, and read back ------===//
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
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"
#include <random>

using namespace mlir;
using namespace mlmodel;

namespace {

const char *const text = R"mlir(
#conv = #mlmodel.weights<dense<0.0> : tensor<576xf32>>
#up = #mlmodel.weights<dense<0.0> : tensor<192xf32>>
#fc = #mlmodel.weights<dense<0.0> : tensor<7680xf32>>
mlmodel.model attributes {description = {input = [{name = "x", type = {multiArrayType = {}}}], output = [{name = "y", type = {multiArrayType = {}}}]}, specificationVersion = 1 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %0 = mlmodel.convolution <"conv" -> "a"> (%x) {outputChannels = 16 : i64, kernelChannels = 4 : i64, kernelSize = array<i64: 3, 3>, same = {}, weights = #conv} : (tensor<*xf32>) -> tensor<*xf32>
    %1 = mlmodel.activation <"relu" -> "b"> (%0) {ReLU = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %2 = mlmodel.convolution <"up" -> "c"> (%1) {isDeconvolution = true, outputChannels = 3 : i64, kernelChannels = 16 : i64, kernelSize = array<i64: 2, 2>, stride = array<i64: 2, 2>, valid = {}, weights = #up} : (tensor<*xf32>) -> tensor<*xf32>
    %3 = mlmodel.pooling <"mean" -> "d"> (%2) {kind = "AVERAGE", kernelSize = array<i64: 2, 4>, stride = array<i64: 2, 4>, valid = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %4 = mlmodel.flatten <"flat" -> "e"> (%3) : (tensor<*xf32>) -> tensor<*xf32>
    %5 = mlmodel.inner_product <"fc" -> "y"> (%4) {inputChannels = 192 : i64, outputChannels = 40 : i64, weights = #fc} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %5 : tensor<*xf32>
  }
}
)mlir";

class CompressedModelTest : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override { context.loadDialect<MLModelDialect>(); }

  /// The model above with random weights.
  OwningOpRef<ModuleOp> parse() {
    OwningOpRef<ModuleOp> module =
        parseSourceString<ModuleOp>(text, ParserConfig(&context));
    EXPECT_TRUE(module);
    std::mt19937 random(3);
    module->walk([&](LayerOpInterface layer) {
      for (WeightSlot &slot : WeightSlot::findAll(layer))
        slot.set(draw(slot, random));
    });
    return module;
  }

  WeightsAttr draw(const WeightSlot &slot, std::mt19937 &random) {
    std::vector<float> values(slot.get().getData().getNumElements());
    for (float &value : values)
      value = static_cast<int32_t>(random()) * 0x1p-31f;
    auto *begin = reinterpret_cast<const uint8_t *>(values.data());
    return WeightsAttr::get(
        &context,
        makePayload(Float32Type::get(&context), slot.getField(),
                    {begin, begin + values.size() * sizeof(float)}),
        Attribute(), BoolAttr());
  }

  void compress(ModuleOp module, StringRef scheme) {
    llvm::Expected<CompressionRule> rule = parseCompressionRule("", scheme);
    ASSERT_TRUE(bool(rule)) << llvm::toString(rule.takeError());
    CompressionOptions options;
    options.scheme = rule->scheme;
    options.minElements = 65;
    llvm::Expected<CompressionReport> report =
        compressWeights(cast<ModelOp>(module.getBody()->front()), options, 1);
    ASSERT_TRUE(bool(report)) << llvm::toString(report.takeError());
    // What would not get smaller stays.
    EXPECT_GE(report->weights.size(), 2u);
  }

  std::vector<float> predict(ModuleOp module) {
    auto model = cast<ModelOp>(module.getBody()->front());
    NetworkExecutor executor(cast<NetworkOp>(*model.getContent()), "memory",
                             LoadOptions(), nullptr);
    std::vector<float> image(4 * 8 * 16);
    for (size_t i = 0; i != image.size(); ++i)
      image[i] = static_cast<float>(i % 17) / 16 - 0.5f;
    const int64_t shape[] = {1, 1, 4, 8, 16};
    llvm::Expected<std::vector<TensorView>> outputs =
        executor.run(TensorView{image.data(), shape});
    if (!outputs) {
      ADD_FAILURE() << llvm::toString(outputs.takeError());
      return {};
    }
    return getElements(outputs->front()).vec();
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
};

TEST_P(CompressedModelTest, FilesPredictWhatMemoryDoes) {
  OwningOpRef<ModuleOp> module = parse();
  std::vector<float> original = predict(*module);
  compress(*module, GetParam());
  std::vector<float> inMemory = predict(*module);
  EXPECT_EQ(inMemory.size(), 40u);
  EXPECT_NE(inMemory, original);

  FailureOr<Rope> rope = exportModel(*module);
  ASSERT_TRUE(succeeded(rope));
  auto bytes = std::make_shared<std::string>(rope->str());
  OwningOpRef<ModuleOp> readBack = importModel(
      &context,
      Bytes(reinterpret_cast<const uint8_t *>(bytes->data()), bytes->size()),
      bytes, "read back");
  ASSERT_TRUE(readBack);
  EXPECT_EQ(predict(*readBack), inMemory);
}

INSTANTIATE_TEST_SUITE_P(
    Schemes, CompressedModelTest,
    testing::Values("{quantize: 8}", "{quantize: 5, per-tensor: true}",
                    "{quantize: 3, symmetric: true}", "{quantize: 16}",
                    "{palettize: 1}", "{palettize: 4}", "{palettize: 8}",
                    "{sparsify: 0.75}", "{sparsify: 0.5, palettize: 6}",
                    "{sparsify: 0.5, quantize: 7}", "{n-m: '2:4'}"));

} // namespace

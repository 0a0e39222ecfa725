//===- CustomLayerTest.cpp - Custom layers that C++ implements ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Runtime/CustomLayer.h"
#include "../Support/TestUtils.h"
#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Runtime/Model.h"
#include "MLModel/Translate/Translate.h"
#include "MLModel/Translate/WireFormat.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/TargetSelect.h"
#include <atomic>
#include <thread>

using namespace mlmodel;
using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace {

/// A network x -> y with the given layers; x has shape [4] and no mapping.
std::string makeNetwork(StringRef layers, StringRef outputs = "\"y\"",
                        StringRef values = "%y : tensor<*xf32>") {
  std::string description;
  llvm::SmallVector<StringRef> names;
  outputs.split(names, ", ");
  for (StringRef name : names)
    description += (description.empty() ? "{name = " : ", {name = ") +
                   name.str() +
                   ", type = {multiArrayType = {dataType = \"FLOAT32\"}}}";
  return (R"(mlmodel.model attributes {description = {
      input = [{name = "x", type = {multiArrayType = {
                  dataType = "FLOAT32", shape = array<i64: 4>}}}],
      output = [)" +
          description + R"(]}, specificationVersion = 4 : i64} {
    mlmodel.network attributes {
        arrayInputShapeMapping = "EXACT_ARRAY_MAPPING",
        inputNames = ["x"], outputNames = [)" +
          outputs + R"(]} {
    ^bb0(%x: tensor<*xf32>):
      )" + layers +
          "\nmlmodel.output " + values + "\n}\n}")
      .str();
}

/// Writes the model to a file and loads it.
Expected<std::unique_ptr<Model>>
load(StringRef text, std::shared_ptr<const CustomLayerRegistry> classes) {
  mlir::MLIRContext context;
  context.loadDialect<MLModelDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      text, mlir::ParserConfig(&context));
  EXPECT_TRUE(module);
  llvm::FailureOr<Rope> rope = exportModel(*module);
  EXPECT_TRUE(llvm::succeeded(rope));
  std::string bytes;
  for (Bytes piece : rope->getPieces())
    bytes.append(piece.begin(), piece.end());
  mlmodel::testing::TemporaryDirectory directory;
  LoadOptions options;
  options.customLayers = std::move(classes);
  return Model::load(directory.write("net.mlmodel", bytes), options);
}

FeatureMap makeInput(std::vector<float> values) {
  Expected<Tensor> tensor =
      Tensor::create(ElementType::Float32, {int64_t(values.size())});
  EXPECT_TRUE(bool(tensor));
  llvm::copy(values, tensor->mutableData<float>().begin());
  FeatureMap inputs;
  inputs["x"] = std::move(*tensor);
  return inputs;
}

std::vector<float> getOutput(const FeatureMap &outputs, StringRef name) {
  const auto &tensor = std::get<Tensor>(outputs.at(name.str()));
  return tensor.data<float>().vec();
}

std::string messageOf(Error error) {
  ExitCode code;
  return takeMessage(std::move(error), code);
}

/// y = x + offset, where a parameter names the offset; counts its instances.
class Shift : public CustomLayer {
public:
  explicit Shift(CustomLayerDefinition definition)
      : definition(std::move(definition)) {
    ++made;
    ++alive;
  }
  ~Shift() override { --alive; }

  Expected<std::vector<CustomShape>>
  inferShapes(ArrayRef<CustomShape> inputs) override {
    return std::vector<CustomShape>(1, inputs[0]);
  }
  Error evaluate(ArrayRef<CustomInput> inputs,
                 ArrayRef<CustomOutput> outputs) override {
    auto offset = static_cast<float>(
        std::get<double>(definition.parameters.at("offset")));
    for (int64_t i = 0; i < inputs[0].shape[0]; ++i)
      outputs[0].data[i] = inputs[0].data[i] + offset;
    return Error::success();
  }

  static std::atomic<int> made, alive;

private:
  CustomLayerDefinition definition;
};
std::atomic<int> Shift::made{0}, Shift::alive{0};

constexpr StringRef kShift =
    R"(%y = mlmodel.custom <"shift" -> "y">(%x) {className = "Shift",
         parameters = [{key = "offset", value = {doubleValue = 0.5}}]}
         : (tensor<*xf32>) -> tensor<*xf32>)";

/// A layer of two functions, for tests of one thing.
class Lambda : public CustomLayer {
public:
  using Shapes =
      std::function<Expected<std::vector<CustomShape>>(ArrayRef<CustomShape>)>;
  using Evaluate =
      std::function<Error(ArrayRef<CustomInput>, ArrayRef<CustomOutput>)>;
  Lambda(Shapes shapes, Evaluate evaluateFn)
      : shapes(std::move(shapes)), evaluateFn(std::move(evaluateFn)) {}
  Expected<std::vector<CustomShape>>
  inferShapes(ArrayRef<CustomShape> inputs) override {
    return shapes(inputs);
  }
  Error evaluate(ArrayRef<CustomInput> inputs,
                 ArrayRef<CustomOutput> outputs) override {
    return evaluateFn(inputs, outputs);
  }

private:
  Shapes shapes;
  Evaluate evaluateFn;
};

Expected<std::vector<CustomShape>> sameShape(ArrayRef<CustomShape> inputs) {
  return std::vector<CustomShape>(1, inputs[0]);
}

std::shared_ptr<CustomLayerRegistry>
makeRegistry(StringRef name, Lambda::Shapes shapes, Lambda::Evaluate evaluate) {
  auto classes = std::make_shared<CustomLayerRegistry>();
  EXPECT_FALSE(bool(classes->add(
      name,
      [=](CustomLayerDefinition) -> Expected<std::unique_ptr<CustomLayer>> {
        return std::make_unique<Lambda>(shapes, evaluate);
      })));
  return classes;
}

class CustomLayerTest : public ::testing::Test {
protected:
  static void SetUpTestSuite() {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  }
};

TEST_F(CustomLayerTest, RunsAndIsMadeOnce) {
  Shift::made = 0;
  {
    auto classes = std::make_shared<CustomLayerRegistry>();
    ASSERT_FALSE(bool(classes->add<Shift>("Shift")));
    auto model = load(makeNetwork(kShift), classes);
    ASSERT_TRUE(bool(model)) << messageOf(model.takeError());
    classes.reset(); // the model keeps what it needs
    EXPECT_FALSE(bool((*model)->checkRunnable()));
    for (float start : {0.0f, 10.0f}) {
      auto outputs = (*model)->predict(
          makeInput({start, start + 1, start + 2, start + 3}));
      ASSERT_TRUE(bool(outputs)) << messageOf(outputs.takeError());
      EXPECT_EQ(getOutput(*outputs, "y"),
                (std::vector<float>{start + 0.5f, start + 1.5f, start + 2.5f,
                                    start + 3.5f}));
    }
    ASSERT_EQ((*model)->customLayers().size(), 1u);
    EXPECT_EQ((*model)->customLayers()[0].className, "Shift");
    EXPECT_EQ((*model)->customLayers()[0].implementation, "the application");
    EXPECT_EQ(Shift::alive, 1);
  }
  EXPECT_EQ(Shift::made, 1);
  EXPECT_EQ(Shift::alive, 0);
}

TEST_F(CustomLayerTest, SeesParametersAndDecodedWeights) {
  CustomLayerDefinition seen;
  auto classes = std::make_shared<CustomLayerRegistry>();
  ASSERT_FALSE(bool(classes->add("C",
                                 [&](CustomLayerDefinition definition)
                                     -> Expected<std::unique_ptr<CustomLayer>> {
                                   seen = std::move(definition);
                                   return makeError(ExitCode::Unsupported,
                                                    "seen");
                                 })));
  auto model = load(makeNetwork(R"(
    %y = mlmodel.custom <"l" -> "y">(%x) {className = "C",
      parameters = [{key = "d", value = {doubleValue = 1.5}},
                    {key = "i", value = {intValue = -3 : i64}},
                    {key = "l", value = {longValue = 1099511627776 : i64}},
                    {key = "b", value = {boolValue = true}},
                    {key = "s", value = {stringValue = "text"}}],
      weights = [#mlmodel.weights<dense<[1.0, -2.5]> : tensor<2xf32>>,
                 #mlmodel.weights<dense<[0.5]> : tensor<1xf16>>,
                 #mlmodel.weights<dense<[27]> : tensor<1xui8>,
                                  #mlmodel.linear<bits = 2, scale = [1.0, 10.0]>>]}
      : (tensor<*xf32>) -> tensor<*xf32>)"),
                    classes);
  ASSERT_TRUE(bool(model)) << messageOf(model.takeError());
  EXPECT_NE(messageOf((*model)->checkRunnable())
                .find("layer 'l' (custom): class 'C' of the application: seen"),
            std::string::npos);
  EXPECT_EQ(seen.name, "l");
  EXPECT_EQ(seen.numInputs, 1u);
  EXPECT_EQ(seen.numOutputs, 1u);
  ASSERT_EQ(seen.parameters.size(), 5u);
  EXPECT_EQ(std::get<double>(seen.parameters["d"]), 1.5);
  EXPECT_EQ(std::get<int64_t>(seen.parameters["i"]), -3);
  EXPECT_EQ(std::get<int64_t>(seen.parameters["l"]), int64_t(1) << 40);
  EXPECT_TRUE(std::get<bool>(seen.parameters["b"]));
  EXPECT_EQ(std::get<std::string>(seen.parameters["s"]), "text");
  ASSERT_EQ(seen.weights.size(), 3u);
  EXPECT_EQ(seen.weights[0], (std::vector<float>{1.0f, -2.5f}));
  EXPECT_EQ(seen.weights[1], (std::vector<float>{0.5f}));
  // 27 is 00 01 10 11; two channels of two values.
  EXPECT_EQ(seen.weights[2], (std::vector<float>{0, 1, 20, 30}));
}

TEST_F(CustomLayerTest, OtherShapesAndSeveralOutputs) {
  // Halves, and a total of other rank.
  auto classes = makeRegistry(
      "Halves",
      [](ArrayRef<CustomShape> inputs) -> Expected<std::vector<CustomShape>> {
        int64_t half = inputs[0][0] / 2;
        return std::vector<CustomShape>{{half}, {half}, {1, 1}};
      },
      [](ArrayRef<CustomInput> inputs, ArrayRef<CustomOutput> outputs) {
        int64_t half = outputs[0].shape[0];
        outputs[2].data[0] = 0;
        for (int64_t i = 0; i < 2 * half; ++i) {
          outputs[i / half].data[i % half] = inputs[0].data[i];
          outputs[2].data[0] += inputs[0].data[i];
        }
        return Error::success();
      });
  // The input is read again after it could have been overwritten, and the layer
  // is called a second time on it.
  auto model =
      load(makeNetwork(
               R"(
    %t = mlmodel.tanh <"t" -> "t">(%x) : (tensor<*xf32>) -> tensor<*xf32>
    %a:3 = mlmodel.custom <"a" -> "low", "high", "total">(%t) {className = "Halves"}
      : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    %n = mlmodel.activation <"n" -> "n">(%t) {linear = {alpha = -1.0 : f32}}
      : (tensor<*xf32>) -> tensor<*xf32>
    %b:3 = mlmodel.custom <"b" -> "low2", "high2", "total2">(%t) {className = "Halves"}
      : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    %c:3 = mlmodel.custom <"c" -> "low3", "high3", "total3">(%n) {className = "Halves"}
      : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>))",
               R"("low", "high", "total", "high2", "low3")",
               "%a#0, %a#1, %a#2, %b#1, %c#0 : tensor<*xf32>, tensor<*xf32>, "
               "tensor<*xf32>, tensor<*xf32>, tensor<*xf32>"),
           classes);
  ASSERT_TRUE(bool(model)) << messageOf(model.takeError());
  std::vector<float> x{0.5f, -1, 2, 0.25f}, t(4);
  for (size_t i = 0; i < 4; ++i)
    t[i] = std::tanh(x[i]);
  auto outputs = (*model)->predict(makeInput(x));
  ASSERT_TRUE(bool(outputs)) << messageOf(outputs.takeError());
  auto expectNear = [&](StringRef name, std::vector<float> want) {
    std::vector<float> got = getOutput(*outputs, name);
    ASSERT_EQ(got.size(), want.size()) << name.str();
    for (size_t i = 0; i < want.size(); ++i)
      EXPECT_NEAR(got[i], want[i], 1e-6) << name.str() << " " << i;
  };
  expectNear("low", {t[0], t[1]});
  expectNear("high", {t[2], t[3]});
  expectNear("total", {t[0] + t[1] + t[2] + t[3]});
  expectNear("high2", {t[2], t[3]});
  expectNear("low3", {-t[0], -t[1]});
  EXPECT_EQ(std::get<Tensor>(outputs->at("total")).shape(),
            ArrayRef<int64_t>({1, 1}));
}

TEST_F(CustomLayerTest, FailuresNameTheLayer) {
  auto expectFailure = [](Lambda::Shapes shapes, Lambda::Evaluate evaluate,
                          StringRef message, ExitCode code) {
    auto model = load(
        makeNetwork(R"(%y = mlmodel.custom <"l" -> "y">(%x) {className = "C"}
                       : (tensor<*xf32>) -> tensor<*xf32>)"),
        makeRegistry("C", std::move(shapes), std::move(evaluate)));
    ASSERT_TRUE(bool(model)) << messageOf(model.takeError());
    auto outputs = (*model)->predict(makeInput({1, 2, 3, 4}));
    ASSERT_FALSE(bool(outputs));
    ExitCode got;
    std::string text = takeMessage(outputs.takeError(), got);
    EXPECT_NE(text.find("layer 'l' (custom)"), std::string::npos) << text;
    EXPECT_NE(text.find(message.str()), std::string::npos) << text;
    EXPECT_EQ(got, code);
  };
  auto succeeds = [](auto, auto) { return Error::success(); };
  expectFailure(
      [](auto) { return makeError(ExitCode::Unsupported, "no shapes"); },
      succeeds, "no shapes", ExitCode::Unsupported);
  expectFailure([](auto) { return std::vector<CustomShape>(); }, succeeds,
                "gives shapes for 0 outputs, the layer has 1",
                ExitCode::Unsupported);
  expectFailure(
      [](auto) {
        return std::vector<CustomShape>(1, {2, -1});
      },
      succeeds, "gives output 0 the shape", ExitCode::Unsupported);
  expectFailure(
      [](auto) {
        return std::vector<CustomShape>(1,
                                        {int64_t(1) << 31, int64_t(1) << 31});
      },
      succeeds, "is larger than the limit", ExitCode::Limit);
  expectFailure(
      sameShape,
      [](auto, auto) { return makeError(ExitCode::Limit, "too tired"); },
      "too tired", ExitCode::Limit);
}

TEST_F(CustomLayerTest, AFailedRunDoesNotSpoilTheNext) {
  auto fails = std::make_shared<bool>(true);
  auto model = load(
      makeNetwork(R"(%y = mlmodel.custom <"l" -> "y">(%x) {className = "C"}
                     : (tensor<*xf32>) -> tensor<*xf32>)"),
      makeRegistry("C", sameShape, [=](auto inputs, auto outputs) -> Error {
        if (*fails)
          return makeError(ExitCode::Unsupported, "not now");
        std::copy_n(inputs[0].data, 4, outputs[0].data);
        return Error::success();
      }));
  ASSERT_TRUE(bool(model)) << messageOf(model.takeError());
  auto outputs = (*model)->predict(makeInput({1, 2, 3, 4}));
  ASSERT_FALSE(bool(outputs));
  EXPECT_NE(messageOf(outputs.takeError()).find("not now"), std::string::npos);
  *fails = false;
  outputs = (*model)->predict(makeInput({1, 2, 3, 4}));
  ASSERT_TRUE(bool(outputs)) << messageOf(outputs.takeError());
  EXPECT_EQ(getOutput(*outputs, "y"), (std::vector<float>{1, 2, 3, 4}));
}

TEST_F(CustomLayerTest, MayRunAModelItself) {
  auto classes = std::make_shared<CustomLayerRegistry>();
  ASSERT_FALSE(bool(classes->add<Shift>("Shift")));
  auto loaded = load(makeNetwork(kShift), classes);
  ASSERT_TRUE(bool(loaded)) << messageOf(loaded.takeError());
  std::shared_ptr<Model> inner = std::move(*loaded);
  auto model = load(
      makeNetwork(R"(
        %t = mlmodel.custom <"l" -> "t">(%x) {className = "C"}
          : (tensor<*xf32>) -> tensor<*xf32>
        %y = mlmodel.custom <"m" -> "y">(%t) {className = "C"}
          : (tensor<*xf32>) -> tensor<*xf32>)"),
      makeRegistry("C", sameShape, [=](auto inputs, auto outputs) -> Error {
        auto result =
            inner->predict(makeInput({inputs[0].data, inputs[0].data + 4}));
        if (!result)
          return result.takeError();
        llvm::copy(getOutput(*result, "y"), outputs[0].data);
        return Error::success();
      }));
  ASSERT_TRUE(bool(model)) << messageOf(model.takeError());
  auto outputs = (*model)->predict(makeInput({1, 2, 3, 4}));
  ASSERT_TRUE(bool(outputs)) << messageOf(outputs.takeError());
  EXPECT_EQ(getOutput(*outputs, "y"), (std::vector<float>{2, 3, 4, 5}));
}

TEST_F(CustomLayerTest, ComesBeforeTheProjectsRules) {
  auto classes = makeRegistry("Swish", sameShape, [](auto, auto outputs) {
    std::fill_n(outputs[0].data, 4, 42.0f);
    return Error::success();
  });
  std::string text =
      makeNetwork(R"(%y = mlmodel.custom <"l" -> "y">(%x) {className = "Swish"}
                     : (tensor<*xf32>) -> tensor<*xf32>)");
  auto model = load(text, classes);
  ASSERT_TRUE(bool(model)) << messageOf(model.takeError());
  auto outputs = (*model)->predict(makeInput({1, 2, 3, 4}));
  ASSERT_TRUE(bool(outputs)) << messageOf(outputs.takeError());
  EXPECT_EQ(getOutput(*outputs, "y"), std::vector<float>(4, 42.0f));

  auto withRule = load(text, nullptr);
  ASSERT_TRUE(bool(withRule)) << messageOf(withRule.takeError());
  EXPECT_EQ((*withRule)->customLayers()[0].implementation,
            "rule @swish of Activation.mlir");
}

TEST_F(CustomLayerTest, AClassIsRegisteredOnce) {
  CustomLayerRegistry classes;
  EXPECT_FALSE(bool(classes.add<Shift>("Shift", "here")));
  EXPECT_EQ(messageOf(classes.add<Shift>("Shift", "there")),
            "class 'Shift' of there is registered already, by here");
  EXPECT_TRUE(classes.contains("Shift"));
  EXPECT_FALSE(classes.contains("shift"));
  EXPECT_EQ(classes.getOrigin("Shift"), "here");
}

} // namespace

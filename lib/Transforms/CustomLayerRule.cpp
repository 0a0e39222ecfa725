//===- CustomLayerRule.cpp - One rule for custom layers -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CustomLayerRule.h"
#include "MLModel/Dialect/MLModel/IR/CustomParameters.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace mlir;
using namespace mlmodel;

bool mlmodel::isRuleInput(func::FuncOp rule, unsigned argument) {
  return !rule.getArgAttr(argument, kRuleParameter) &&
         !rule.getArgAttr(argument, kRuleWeights);
}

SmallVector<StringRef> mlmodel::getRuleClasses(func::FuncOp function) {
  SmallVector<StringRef> classes;
  if (auto names = function->getAttrOfType<ArrayAttr>(kRuleClasses))
    for (auto name : names.getAsRange<StringAttr>())
      classes.push_back(name.getValue());
  return classes;
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

/// A number or truth value as float32; nothing for what cannot be one.
static std::optional<float> toFloat(Attribute value) {
  if (auto number = dyn_cast<FloatAttr>(value)) {
    auto rounded = static_cast<float>(number.getValueAsDouble());
    return std::isfinite(rounded) ? std::optional(rounded) : std::nullopt;
  }
  if (auto truth = dyn_cast<BoolAttr>(value))
    return truth.getValue() ? 1.0f : 0.0f;
  auto integer = dyn_cast<IntegerAttr>(value);
  if (!integer)
    return std::nullopt;
  auto rounded = static_cast<float>(integer.getInt());
  if (static_cast<double>(rounded) != static_cast<double>(integer.getInt()))
    return std::nullopt;
  return rounded;
}

static LogicalResult verifyClasses(func::FuncOp function) {
  Attribute classes = function->getAttr(kRuleClasses);
  if (!classes)
    return success();
  auto names = dyn_cast<ArrayAttr>(classes);
  if (!names || names.empty() ||
      !llvm::all_of(names, llvm::IsaPred<StringAttr>))
    return function.emitError()
           << kRuleClasses << " must be a list of class names, but is "
           << classes;
  Attribute where = function->getAttr(kRuleWhere);
  if (where && !isa<DictionaryAttr>(where))
    return function.emitError()
           << kRuleWhere << " must be a dictionary, but is " << where;
  return success();
}

/// Parameters are one number each, weights have one axis.
static LogicalResult verifyConstant(func::FuncOp function, unsigned i) {
  auto type = dyn_cast<RankedTensorType>(function.getArgumentTypes()[i]);
  auto name = function.getArgAttrOfType<StringAttr>(i, kRuleParameter);
  auto weights = function.getArgAttrOfType<IntegerAttr>(i, kRuleWeights);
  Attribute value = function.getArgAttr(i, kRuleDefault);
  auto fail = [&](const Twine &message) {
    return emitError(function.getArgument(i).getLoc(),
                     "argument " + Twine(i) + " " + message);
  };
  if (name && weights)
    return fail("is both a parameter and weights");
  if (!name && !weights)
    return fail("has an attribute of the wrong type: a parameter is named by a "
                "string, weights by a number");
  if (name && (!type || type.getShape() != ArrayRef<int64_t>{1}))
    return fail("is a parameter, so its type must be tensor<1xf32>");
  if (value && !toFloat(value))
    return fail("has a default that is no number");
  if (weights && value)
    return fail("is weights, which have no default");
  if (weights && (!type || type.getRank() != 1 || weights.getInt() < 0))
    return fail("is weights, so its type must be tensor<?xf32> or "
                "tensor<Nxf32>, and its number not negative");
  return success();
}

static LogicalResult verifyArguments(func::FuncOp function) {
  llvm::StringSet<> known{kRuleParameter, kRuleDefault, kRuleWeights};
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    for (NamedAttribute attribute :
         function_interface_impl::getArgAttrs(function, i))
      if (!known.contains(attribute.getName().getValue()))
        return emitError(function.getArgument(i).getLoc(),
                         "argument " + Twine(i) + " has the attribute '" +
                             attribute.getName().getValue() +
                             "', which rules do not have");
    if (isRuleInput(function, i)) {
      if (function.getArgAttr(i, kRuleDefault))
        return emitError(function.getArgument(i).getLoc(),
                         "argument " + Twine(i) +
                             " is an input, which has no default");
    } else if (getRuleClasses(function).empty()) {
      return emitError(function.getArgument(i).getLoc(),
                       "only a rule takes parameters and weights; @" +
                           function.getName() + " has no " + kRuleClasses);
    } else if (failed(verifyConstant(function, i))) {
      return failure();
    }
  }
  return success();
}

LogicalResult mlmodel::verifyRule(func::FuncOp function) {
  if (function.isExternal() || !function.getBody().hasOneBlock())
    return function.emitError("a rule needs a body of one block");
  auto isTensor = [](Type type) {
    auto tensor = dyn_cast<TensorType>(type);
    return tensor && tensor.getElementType().isF32();
  };
  if (!llvm::all_of(function.getArgumentTypes(), isTensor) ||
      !llvm::all_of(function.getResultTypes(), isTensor))
    return function.emitError("arguments and results must be tensors of f32");
  if (failed(verifyClasses(function)) || failed(verifyArguments(function)))
    return failure();
  for (Operation &op : function.getBody().front())
    if ((!isa<LayerOpInterface>(op) &&
         !isa<func::CallOp, func::ReturnOp>(op)) ||
        op.getNumRegions() != 0)
      return op.emitOpError(
          "is not allowed in a rule, which consists of layers "
          "without bodies and calls");
  return success();
}

//===----------------------------------------------------------------------===//
// Matching
//===----------------------------------------------------------------------===//

/// The number of values; nothing where the file leaves it open, as it does for
/// widths that need not fill the last byte.
static std::optional<int64_t> countWeights(WeightsAttr weights) {
  int64_t elements = weights.getData().getNumElements();
  if (getStorage(weights) != WeightStorage::Raw)
    return elements;
  auto linear =
      dyn_cast_or_null<LinearQuantizationAttr>(weights.getQuantization());
  auto lut = dyn_cast_or_null<LookupTableAttr>(weights.getQuantization());
  int64_t bits = linear ? linear.getBits() : lut ? lut.getBits() : 0;
  return bits == 8 ? std::optional(elements) : std::nullopt;
}

static std::string explainCounts(func::FuncOp rule, CustomOp layer) {
  size_t inputs = 0, weights = 0;
  for (unsigned i = 0; i < rule.getNumArguments(); ++i) {
    inputs += isRuleInput(rule, i);
    if (auto number = rule.getArgAttrOfType<IntegerAttr>(i, kRuleWeights))
      weights = std::max<size_t>(weights, number.getInt() + 1);
  }
  size_t stored = layer.getWeightsAttr() ? layer.getWeightsAttr().size() : 0;
  auto differ = [](const char *what, size_t wanted, size_t given) {
    return (Twine("takes ") + Twine(wanted) + " " + what + ", the layer has " +
            Twine(given))
        .str();
  };
  if (inputs != layer.getInputs().size())
    return differ("inputs", inputs, layer.getInputs().size());
  if (rule.getNumResults() != layer.getNumResults())
    return differ("outputs", rule.getNumResults(), layer.getNumResults());
  if (weights != stored)
    return differ("weights", weights, stored);
  return "";
}

static std::string explainWeights(func::FuncOp rule, unsigned argument,
                                  int64_t number, CustomOp layer) {
  auto weights = dyn_cast<WeightsAttr>(layer.getWeightsAttr()[number]);
  if (!weights)
    return "weights " + std::to_string(number) + " of the layer are unreadable";
  std::optional<int64_t> count = countWeights(weights);
  int64_t wanted =
      cast<RankedTensorType>(rule.getArgumentTypes()[argument]).getDimSize(0);
  if (ShapedType::isDynamic(wanted) && !count)
    return "cannot count weights " + std::to_string(number) +
           ", which are packed: its argument must have a size";
  if (!ShapedType::isDynamic(wanted) && count && *count != wanted)
    return "takes " + std::to_string(wanted) + " values as weights " +
           std::to_string(number) + ", the layer has " + std::to_string(*count);
  return "";
}

std::string mlmodel::explainMismatch(func::FuncOp rule, CustomOp layer) {
  if (std::string reason = explainCounts(rule, layer); !reason.empty())
    return reason;
  CustomParameters parameters(layer.getParametersAttr());
  llvm::StringSet<> known;
  auto where = rule->getAttrOfType<DictionaryAttr>(kRuleWhere);
  for (NamedAttribute condition :
       where ? where.getValue() : ArrayRef<NamedAttribute>()) {
    known.insert(condition.getName().getValue());
    if (!areSameParameter(parameters.lookup(condition.getName()),
                          condition.getValue()))
      return ("is for layers whose parameter '" +
              condition.getName().getValue() + "' is " +
              describeParameter(condition.getValue()))
          .str();
  }
  for (unsigned i = 0; i < rule.getNumArguments(); ++i) {
    if (auto name = rule.getArgAttrOfType<StringAttr>(i, kRuleParameter)) {
      known.insert(name.getValue());
      Attribute value = parameters.lookup(name);
      if (!value && !rule.getArgAttr(i, kRuleDefault))
        return ("needs parameter '" + name.getValue() + "'").str();
      if (value && !toFloat(value))
        return ("needs a number that float32 can hold as parameter '" +
                name.getValue() + "'")
            .str();
    }
    if (auto number = rule.getArgAttrOfType<IntegerAttr>(i, kRuleWeights))
      if (std::string reason = explainWeights(rule, i, number.getInt(), layer);
          !reason.empty())
        return reason;
  }
  for (auto [name, value] : parameters)
    if (!known.contains(name))
      return "does not know the layer's parameter '" + name.str() + "'";
  return "";
}

RuleConstant mlmodel::getRuleConstant(func::FuncOp rule, unsigned argument,
                                      CustomOp layer) {
  auto type = cast<RankedTensorType>(rule.getArgumentTypes()[argument]);
  if (auto number =
          rule.getArgAttrOfType<IntegerAttr>(argument, kRuleWeights)) {
    auto weights = cast<WeightsAttr>(layer.getWeightsAttr()[number.getInt()]);
    int64_t size = type.getDimSize(0);
    return {weights,
            {ShapedType::isDynamic(size) ? *countWeights(weights) : size}};
  }
  auto name = rule.getArgAttrOfType<StringAttr>(argument, kRuleParameter);
  Attribute value = CustomParameters(layer.getParametersAttr()).lookup(name);
  if (!value)
    value = rule.getArgAttr(argument, kRuleDefault);
  auto data = DenseElementsAttr::get(
      RankedTensorType::get({1}, Float32Type::get(rule.getContext())),
      *toFloat(value));
  return {WeightsAttr::get(rule.getContext(), data, {}, {}), {1}};
}

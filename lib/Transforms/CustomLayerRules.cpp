//===- CustomLayerRules.cpp - Custom layers as ordinary ones --------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Transforms/CustomLayerRules.h"
#include "CustomLayerRule.h"
#include "MLModel/Dialect/MLModel/IR/FillOps.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlmodel;

namespace {
struct BuiltinFile {
  StringRef name, text;
};
} // namespace

/// The files in CustomLayerRules/, in alphabetical order.
static constexpr BuiltinFile builtinFiles[] = {
#include "BuiltinRules.inc"
};

/// Helpers may call helpers, but not forever.
constexpr unsigned kMaxCallDepth = 16;

CustomLayerRules::CustomLayerRules(MLIRContext *context) : context(context) {
  context->loadDialect<func::FuncDialect, MLModelDialect>();
}
CustomLayerRules::~CustomLayerRules() = default;

/// "@swish of Activation.mlir"
std::string CustomLayerRules::Rule::describe() const {
  func::FuncOp self = function;
  return "@" + self.getName().str() + " of " + file;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

LogicalResult CustomLayerRules::addModule(OwningOpRef<ModuleOp> module,
                                          StringRef name,
                                          function_ref<bool(StringRef)> skip) {
  if (!module)
    return failure();
  bool hasRules = false;
  for (Operation &op : module->getBody()->getOperations()) {
    auto function = dyn_cast<func::FuncOp>(op);
    if (!function)
      return op.emitOpError("is not allowed in a file of rules, which consists "
                            "of functions");
    if (failed(verifyRule(function)))
      return failure();
    for (StringRef className : getRuleClasses(function)) {
      hasRules = true;
      if (!skip(className))
        rules[className].push_back({function, name.str()});
    }
  }
  if (!hasRules)
    return emitError(module->getLoc(), "has no rules: no function has ")
           << kRuleClasses;
  modules.push_back(std::move(module));
  return success();
}

LogicalResult CustomLayerRules::addFile(StringRef path) {
  // The parser's own message would not name the system's reason.
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (std::error_code error = buffer.getError())
    return emitError(UnknownLoc::get(context))
           << path << ": " << error.message();
  return addText((*buffer)->getBuffer(), path);
}

LogicalResult CustomLayerRules::addText(StringRef text, StringRef name) {
  ParserConfig config(context);
  return addModule(parseSourceString<ModuleOp>(text, config, name),
                   llvm::sys::path::filename(name),
                   [](StringRef) { return false; });
}

LogicalResult
CustomLayerRules::addBuiltin(function_ref<bool(StringRef)> except) {
  llvm::StringSet<> taken;
  for (const auto &entry : rules)
    taken.insert(entry.first());
  auto skip = [&](StringRef className) {
    return taken.contains(className) || (except && except(className));
  };
  ParserConfig config(context);
  for (auto [name, text] : builtinFiles)
    if (failed(addModule(parseSourceString<ModuleOp>(text, config, name), name,
                         skip)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Using
//===----------------------------------------------------------------------===//

namespace {

/// Writes the body of a rule in place of a custom layer.
class Expansion {
public:
  Expansion(CustomOp layer, llvm::StringSet<> &blobNames)
      : layer(layer), blobNames(blobNames), builder(layer) {}

  LogicalResult run(func::FuncOp rule);
  int64_t getMinSpecificationVersion() const { return version; }

private:
  FailureOr<SmallVector<Value>> expand(func::FuncOp function, ValueRange values,
                                       unsigned depth);
  FailureOr<SmallVector<Value>> expandCall(func::CallOp call,
                                           IRMapping &mapping, unsigned depth);
  Value createConstant(const RuleConstant &constant, StringRef name);
  void cloneLayer(Operation &op, IRMapping &mapping);
  Value nameOutput(Value value, StringAttr blob);

  /// "LAYER/NAME", with a number behind it where a blob of this name exists.
  StringAttr makeName(StringRef name);

  CustomOp layer;
  llvm::StringSet<> &blobNames;
  OpBuilder builder;
  int64_t version = 0;
  /// The operations this has made, and their results that are outputs already.
  llvm::SmallPtrSet<Operation *, 16> made;
  llvm::SmallPtrSet<Operation *, 4> named;
};

} // namespace

StringAttr Expansion::makeName(StringRef name) {
  std::string base = (layer.getLayer().getName().getValue() + "/" + name).str();
  std::string unique = base;
  for (unsigned i = 2; !blobNames.insert(unique).second; ++i)
    unique = base + "_" + std::to_string(i);
  return builder.getStringAttr(unique);
}

Value Expansion::createConstant(const RuleConstant &constant, StringRef name) {
  StringAttr blob = makeName(name);
  NamedAttribute attributes[] = {
      builder.getNamedAttr(
          "layer", LayerAttr::get(builder.getContext(), blob, blob, {})),
      builder.getNamedAttr("shape",
                           builder.getDenseI64ArrayAttr(constant.shape)),
      builder.getNamedAttr("data", constant.data)};
  Type type = RankedTensorType::get(constant.shape, builder.getF32Type());
  auto load = LoadConstantNDOp::create(builder, layer.getLoc(), type,
                                       ValueRange(), attributes);
  made.insert(load);
  version = std::max(version, load.getMinSpecificationVersion());
  return load->getResult(0);
}

void Expansion::cloneLayer(Operation &op, IRMapping &mapping) {
  Operation *clone = builder.clone(op, mapping);
  clone->setLoc(layer.getLoc());
  auto self = cast<LayerOpInterface>(clone);
  SmallVector<StringAttr> outputs;
  for (StringAttr output : self.getLayer().getOutputs())
    outputs.push_back(makeName(output.getValue()));
  self.setLayerAttr(LayerAttr::get(
      builder.getContext(),
      outputs.size() == 1 ? outputs[0]
                          : makeName(self.getLayer().getName().getValue()),
      outputs, {}));
  made.insert(clone);
  version = std::max(version, self.getMinSpecificationVersion());
}

FailureOr<SmallVector<Value>>
Expansion::expandCall(func::CallOp call, IRMapping &mapping, unsigned depth) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
  if (depth == kMaxCallDepth)
    return call.emitOpError("is nested more than ") << kMaxCallDepth << " deep";
  SmallVector<Value> values;
  for (Value operand : call.getOperands())
    values.push_back(mapping.lookup(operand));
  return expand(callee, values, depth + 1);
}

FailureOr<SmallVector<Value>>
Expansion::expand(func::FuncOp function, ValueRange values, unsigned depth) {
  IRMapping mapping;
  mapping.map(function.getArguments(), values);
  for (Operation &op : function.getBody().front().without_terminator()) {
    auto call = dyn_cast<func::CallOp>(op);
    if (!call) {
      cloneLayer(op, mapping);
      continue;
    }
    FailureOr<SmallVector<Value>> results = expandCall(call, mapping, depth);
    if (failed(results))
      return failure();
    mapping.map(call.getResults(), *results);
  }
  SmallVector<Value> results;
  for (Value value : function.getBody().front().getTerminator()->getOperands())
    results.push_back(mapping.lookup(value));
  return results;
}

/// Gives the blob its name in the model. What has a name already, as an input
/// or another output, is copied.
Value Expansion::nameOutput(Value value, StringAttr blob) {
  Operation *op = value.getDefiningOp();
  if (!op || !made.contains(op) || op->getNumResults() != 1 ||
      !named.insert(op).second) {
    NamedAttribute attribute =
        builder.getNamedAttr("layer", LayerAttr::get(builder.getContext(),
                                                     makeName(blob), blob, {}));
    auto copy = CopyOp::create(builder, layer.getLoc(), value.getType(), value,
                               attribute);
    version = std::max(version, copy.getMinSpecificationVersion());
    return copy->getResult(0);
  }
  auto self = cast<LayerOpInterface>(op);
  self.setLayerAttr(LayerAttr::get(builder.getContext(),
                                   self.getLayer().getName(), blob, {}));
  return value;
}

LogicalResult Expansion::run(func::FuncOp rule) {
  SmallVector<Value> values;
  OperandRange inputs = layer.getInputs();
  for (unsigned i = 0; i < rule.getNumArguments(); ++i) {
    if (isRuleInput(rule, i)) {
      values.push_back(inputs.front());
      inputs = inputs.drop_front();
      continue;
    }
    auto parameter = rule.getArgAttrOfType<StringAttr>(i, kRuleParameter);
    values.push_back(
        createConstant(getRuleConstant(rule, i, layer),
                       parameter ? parameter.getValue() : "weights"));
  }
  FailureOr<SmallVector<Value>> results = expand(rule, values, 0);
  if (failed(results))
    return failure();
  for (auto [output, value, blob] :
       llvm::zip(layer.getOutputs(), *results, layer.getLayer().getOutputs()))
    output.replaceAllUsesWith(nameOutput(value, blob));
  layer.erase();
  return success();
}

/// Raises the specification version of the models around \p op.
static void requireVersion(Operation *op, int64_t version) {
  for (auto model = op->getParentOfType<ModelOp>(); model;
       model = model->getParentOfType<ModelOp>())
    if (model.getSpecificationVersion() < version)
      model.setSpecificationVersionAttr(
          Builder(op->getContext()).getI64IntegerAttr(version));
}

/// The first rule that fits, or why none does.
FailureOr<const CustomLayerRules::Rule *>
CustomLayerRules::chooseRule(CustomOp layer) const {
  std::string reasons;
  llvm::raw_string_ostream os(reasons);
  for (const Rule &rule : rules.find(layer.getClassName())->second) {
    std::string reason = explainMismatch(rule.function, layer);
    if (reason.empty())
      return &rule;
    os << "; " << rule.describe() << " " << reason;
  }
  return emitClassified(layer.getLoc(), ErrorClass::Unsupported,
                        "layer '" + layer.getLayer().getName().getValue() +
                            "' (custom): no rule for class '" +
                            layer.getClassName() + "' fits" + reasons);
}

FailureOr<std::vector<LegalizedLayer>>
CustomLayerRules::legalize(Operation *root) const {
  llvm::StringSet<> blobNames;
  root->walk([&](NetworkOp network) {
    for (auto name : network.getInputNames().getAsRange<StringAttr>())
      blobNames.insert(name.getValue());
  });
  std::vector<std::pair<CustomOp, const Rule *>> chosen;
  WalkResult result = root->walk([&](LayerOpInterface op) {
    for (StringAttr blob : op.getLayer().getOutputs())
      blobNames.insert(blob.getValue());
    auto layer = dyn_cast<CustomOp>(*op);
    if (!layer || !knows(layer.getClassName()))
      return WalkResult::advance();
    FailureOr<const Rule *> rule = chooseRule(layer);
    if (failed(rule))
      return WalkResult::interrupt();
    chosen.emplace_back(layer, *rule);
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  std::vector<LegalizedLayer> legalized;
  for (auto [layer, rule] : chosen) {
    legalized.push_back({layer.getLayer().getName().str(),
                         layer.getClassName().str(), rule->describe()});
    Operation *parent = layer->getParentOp();
    Expansion expansion(layer, blobNames);
    if (failed(expansion.run(rule->function)))
      return failure();
    requireVersion(parent, expansion.getMinSpecificationVersion());
  }
  return legalized;
}

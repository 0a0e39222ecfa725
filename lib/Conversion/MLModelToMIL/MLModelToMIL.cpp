//===- MLModelToMIL.cpp - From layers to ML Program operations ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Conversion/MLModelToMIL.h"
#include "MLModel/Conversion/Passes.h"
#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "MLModel/Dialect/MLModel/IR/ControlFlowOps.h"
#include "MLModel/Dialect/MLModel/IR/CustomLayerInterface.h"
#include "MLModel/Dialect/MLModel/IR/CustomOps.h"
#include "MLModel/Dialect/MLModel/IR/CustomParameters.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "Patterns.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Rewrite/PatternApplicator.h"

namespace mlmodel {
#define GEN_PASS_DEF_CONVERTMLMODELTOMIL
#include "MLModel/Conversion/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

namespace {

/// Counts the errors that are reported while it lives.
class ErrorCounter : public ScopedDiagnosticHandler {
public:
  explicit ErrorCounter(MLIRContext *context)
      : ScopedDiagnosticHandler(context, [this](Diagnostic &diagnostic) {
          count += diagnostic.getSeverity() == DiagnosticSeverity::Error;
          return failure();
        }) {}
  unsigned count = 0;
};

struct ConvertMLModelToMILPass
    : mlmodel::impl::ConvertMLModelToMILBase<ConvertMLModelToMILPass> {
  LogicalResult initialize(MLIRContext *context) override;
  void runOnOperation() override;

private:
  FailureOr<NetworkOp> findNetwork();
  LogicalResult rewriteLayers(func::FuncOp function);
  LogicalResult rewriteLayer(LayerOpInterface layer,
                             PatternApplicator &applicator,
                             PatternRewriter &rewriter);

  std::shared_ptr<const FrozenRewritePatternSet> patterns;
};

} // namespace

static RewritePatternSet getPatterns(MLIRContext *context) {
  RewritePatternSet set(context);
  populateActivationPatterns(set);
  populateControlFlowPatterns(set);
  populateConvolutionPatterns(set);
  populateCustomPatterns(set);
  populateElementwisePatterns(set);
  populateImagePatterns(set);
  populateLinearAlgebraPatterns(set);
  populateNormalizationPatterns(set);
  populateFillPatterns(set);
  populateIndexingPatterns(set);
  populateRecurrentPatterns(set);
  populateReductionPatterns(set);
  populateSelectionPatterns(set);
  populateShapePatterns(set);
  return set;
}

LogicalResult ConvertMLModelToMILPass::initialize(MLIRContext *context) {
  patterns = std::make_shared<FrozenRewritePatternSet>(getPatterns(context));
  return success();
}

//===----------------------------------------------------------------------===//
// The function around the layers
//===----------------------------------------------------------------------===//

FailureOr<NetworkOp> ConvertMLModelToMILPass::findNetwork() {
  auto models = getOperation().getOps<ModelOp>();
  if (!llvm::hasSingleElement(models))
    return emitError(getOperation().getLoc(),
                     "expected one 'mlmodel.model', got ")
           << std::distance(models.begin(), models.end());
  ModelTypeOpInterface content = (*models.begin()).getContent();
  if (auto network = dyn_cast_or_null<NetworkOp>(content.getOperation()))
    return network;
  return emitClassified(content.getLoc(), ErrorClass::Unsupported,
                        "a model of type '" + content.getModelField() +
                            "' is not a neural network; it is not supported");
}

/// Reports a layer whose meaning only the application knows. All texts come
/// from the file, so they are printed with escapes.
static LogicalResult reportCustomLayer(CustomOp layer) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "layer '";
  os.write_escaped(layer.getLayer().getName().getValue());
  os << "' (custom): no implementation of class '";
  os.write_escaped(layer.getClassName());
  os << "' is registered";
  if (!layer.getDescription().empty()) {
    os << "; its description is '";
    os.write_escaped(layer.getDescription()) << "'";
  }
  CustomParameters parameters(layer.getParametersAttr());
  if (!parameters.empty())
    os << "; its parameters are ";
  llvm::interleaveComma(parameters, os, [&](auto &parameter) {
    os.write_escaped(parameter.first)
        << " = " << describeParameter(parameter.second);
  });
  return emitClassified(layer.getLoc(), ErrorClass::Unsupported, text);
}

static llvm::DenseSet<OperationName> getRewrittenKinds(MLIRContext *context) {
  llvm::DenseSet<OperationName> kinds;
  RewritePatternSet patterns = getPatterns(context);
  for (auto &pattern : patterns.getNativePatterns())
    if (std::optional<OperationName> kind = pattern->getRootKind())
      kinds.insert(*kind);
  return kinds;
}

bool mlmodel::hasRewrite(OperationName layer) {
  return getRewrittenKinds(layer.getContext()).contains(layer);
}

static LogicalResult reportKind(LayerOpInterface layer) {
  return emitClassified(layer.getLoc(), ErrorClass::Unsupported,
                        "layer '" + layer.getLayer().getName().getValue() +
                            "' (" + layer.getLayerField() +
                            "): this kind of layer is not supported");
}

/// Layers that no pattern can ever rewrite; they have no shapes either.
static LogicalResult checkOpaqueKinds(NetworkOp network) {
  const auto *classes = CustomLayerInterface::get(network.getContext());
  LogicalResult result = success();
  network.walk([&](Operation *op) {
    if (auto custom = dyn_cast<CustomOp>(op)) {
      if (!classes || !classes->knows(custom.getClassName()))
        result = reportCustomLayer(custom);
    } else if (auto unknown = dyn_cast<UnknownLayerOp>(op)) {
      result =
          emitClassified(op->getLoc(), ErrorClass::Unsupported,
                         "layer '" + unknown.getLayer().getName().getValue() +
                             "' is of a kind that this version does not know");
    }
  });
  return result;
}

LogicalResult mlmodel::checkLayerKinds(NetworkOp network) {
  if (failed(checkOpaqueKinds(network)))
    return failure();
  auto kinds = getRewrittenKinds(network.getContext());
  WalkResult result = network.walk([&](LayerOpInterface layer) {
    if (kinds.contains(layer->getName()) ||
        isa<LoopBreakOp, LoopContinueOp>(*layer))
      return WalkResult::advance();
    (void)reportKind(layer);
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

/// Every blob needs a static shape from here on.
static LogicalResult checkShape(Value value, Location loc) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (type && type.hasStaticShape() && type.getElementType().isF32())
    return success();
  std::string text;
  llvm::raw_string_ostream(text) << value.getType();
  return emitClassified(loc, ErrorClass::Unsupported,
                        "blob '" + getBlobName(value) + "' has type " + text +
                            "; a shape that is not known before the model runs "
                            "is not supported");
}

static LogicalResult checkShapes(NetworkOp network) {
  for (BlockArgument argument : network.getBody().getArguments())
    if (failed(checkShape(argument, network.getLoc())))
      return failure();
  WalkResult result = network.walk([](LayerOpInterface layer) {
    for (Value value : layer->getResults())
      if (failed(checkShape(value, layer.getLoc())))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// `{mlmodel.name = "..."}` for each name.
static ArrayAttr getNameAttributes(Builder &builder, ArrayAttr names) {
  SmallVector<Attribute> attributes;
  for (Attribute name : names)
    attributes.push_back(
        builder.getDictionaryAttr(builder.getNamedAttr("mlmodel.name", name)));
  return builder.getArrayAttr(attributes);
}

/// Moves the layers of \p network to a new function next to its model.
static func::FuncOp createFunction(NetworkOp network) {
  auto model = network->getParentOfType<ModelOp>();
  OpBuilder builder(model);
  auto output = cast<OutputOp>(network.getBody().front().getTerminator());
  auto type = builder.getFunctionType(network.getBody().getArgumentTypes(),
                                      output.getOperandTypes());
  auto function = func::FuncOp::create(builder, network.getLoc(), "main", type);
  function.setArgAttrsAttr(getNameAttributes(builder, network.getInputNames()));
  function.setResAttrsAttr(
      getNameAttributes(builder, network.getOutputNames()));
  function.getBody().takeBody(network.getBody());
  builder.setInsertionPoint(output);
  func::ReturnOp::create(builder, output.getLoc(), output.getOperands());
  output.erase();
  model.erase();
  return function;
}

//===----------------------------------------------------------------------===//
// The layers
//===----------------------------------------------------------------------===//

LogicalResult
ConvertMLModelToMILPass::rewriteLayer(LayerOpInterface layer,
                                      PatternApplicator &applicator,
                                      PatternRewriter &rewriter) {
  rewriter.setInsertionPoint(layer);
  ErrorCounter errors(&getContext());
  if (succeeded(applicator.matchAndRewrite(layer, rewriter)))
    return success();
  return errors.count == 0 ? reportKind(layer) : failure();
}

LogicalResult ConvertMLModelToMILPass::rewriteLayers(func::FuncOp function) {
  PatternApplicator applicator(*patterns);
  applicator.applyDefaultCostModel();
  PatternRewriter rewriter(&getContext());
  // Layers inside branches and loops come before the layer around them.
  SmallVector<LayerOpInterface> layers;
  function.walk<WalkOrder::PostOrder>(
      [&](LayerOpInterface layer) { layers.push_back(layer); });
  for (LayerOpInterface layer : layers)
    if (failed(rewriteLayer(layer, applicator, rewriter)))
      return failure();
  return success();
}

void ConvertMLModelToMILPass::runOnOperation() {
  FailureOr<NetworkOp> network = findNetwork();
  if (failed(network) || failed(checkOpaqueKinds(*network)) ||
      failed(checkShapes(*network)) ||
      failed(rewriteLayers(createFunction(*network))))
    signalPassFailure();
}

//===- Custom.cpp - Rewrites of the chapter Custom ------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A custom layer that somebody has registered becomes a call of a function of
// its own, on tensors like everything around it:
//
//   func.func private @custom_layer_3(%x: tensor<...>) -> tensor<...>
//
// Its body hands buffers over to the runtime by their addresses, so that one
// function of the runtime, of fixed type, serves all layers. The buffers are
// contiguous: that is what MLIR makes of function arguments here.
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MLModel/IR/CustomLayerInterface.h"
#include "MLModel/Dialect/MLModel/IR/CustomOps.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlmodel;

namespace {

/// Writes the function that stands for one call of a custom layer.
class CallBuilder {
public:
  CallBuilder(ModuleOp module, Location loc)
      : module(module), loc(loc),
        builder(module.getBody(), module.getBody()->end()) {}

  func::FuncOp build(StringRef name, int64_t call, FunctionType type);

private:
  func::FuncOp declareRuntime();
  /// The address of an array with the addresses of \p buffers.
  Value packAddresses(ValueRange buffers);
  Value getAddress(Value buffer);

  ModuleOp module;
  Location loc;
  OpBuilder builder;
};

struct ConvertCustom : LayerPattern<CustomOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(CustomOp op, LayerRewriter &b) const override {
    const CustomLayerInterface *classes =
        CustomLayerInterface::get(op.getContext());
    if (!classes || !classes->knows(op.getClassName()))
      return b.unsupported("class '" + op.getClassName() + "' is");
    FailureOr<int64_t> call = classes->addCall(
        op.getLoc(),
        {op.getLayerAttr(), StringAttr::get(op.getContext(), op.getClassName()),
         op.getWeightsAttr(), op.getParametersAttr(), op.getInputs().size()},
        op.getInputs().getTypes(), op.getResultTypes());
    if (failed(call))
      return failure();
    auto module = op->getParentOfType<ModuleOp>();
    std::string name = "custom_layer_" + std::to_string(*call);
    auto function = module.lookupSymbol<func::FuncOp>(name);
    if (!function)
      function = CallBuilder(module, op.getLoc())
                     .build(name, *call,
                            FunctionType::get(op.getContext(),
                                              op.getInputs().getTypes(),
                                              op.getResultTypes()));
    return b.replace(func::CallOp::create(b.getRewriter(), op.getLoc(),
                                          function, op.getInputs())
                         .getResults());
  }
};

} // namespace

static MemRefType getBufferType(Type tensor) {
  auto type = cast<RankedTensorType>(tensor);
  return MemRefType::get(type.getShape(), type.getElementType());
}

func::FuncOp CallBuilder::declareRuntime() {
  if (auto function = module.lookupSymbol<func::FuncOp>(kCustomLayerFunction))
    return function;
  Type word = builder.getI64Type();
  auto function =
      func::FuncOp::create(builder, loc, kCustomLayerFunction,
                           builder.getFunctionType({word, word}, TypeRange()));
  function.setPrivate();
  return function;
}

Value CallBuilder::getAddress(Value buffer) {
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, buffer);
  return arith::IndexCastOp::create(builder, loc, builder.getI64Type(),
                                    address);
}

Value CallBuilder::packAddresses(ValueRange buffers) {
  auto type = MemRefType::get(std::max<int64_t>(buffers.size(), 1),
                              builder.getI64Type());
  Value array = memref::AllocaOp::create(builder, loc, type);
  for (auto [i, buffer] : llvm::enumerate(buffers)) {
    Value index = arith::ConstantIndexOp::create(builder, loc, i);
    memref::StoreOp::create(builder, loc, getAddress(buffer), array, index);
  }
  return getAddress(array);
}

func::FuncOp CallBuilder::build(StringRef name, int64_t call,
                                FunctionType type) {
  func::FuncOp runtime = declareRuntime();
  auto function = func::FuncOp::create(builder, loc, name, type);
  function.setPrivate();
  builder.setInsertionPointToStart(function.addEntryBlock());
  SmallVector<Value> buffers;
  for (BlockArgument input : function.getArguments())
    buffers.push_back(bufferization::ToBufferOp::create(
        builder, loc, getBufferType(input.getType()), input,
        /*read_only=*/true));
  SmallVector<Value> outputs;
  for (Type output : type.getResults())
    outputs.push_back(
        memref::AllocOp::create(builder, loc, getBufferType(output)));
  llvm::append_range(buffers, outputs);
  Value number = arith::ConstantIntOp::create(builder, loc, call, 64);
  func::CallOp::create(builder, loc, runtime,
                       ValueRange{number, packAddresses(buffers)});
  SmallVector<Value> results;
  for (auto [output, result] : llvm::zip(outputs, type.getResults()))
    results.push_back(bufferization::ToTensorOp::create(
        builder, loc, result, output, /*restrict=*/true, /*writable=*/true));
  func::ReturnOp::create(builder, loc, results);
  return function;
}

void mlmodel::populateCustomPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertCustom>(patterns.getContext());
}

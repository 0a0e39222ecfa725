//===- ShareRounds.cpp - Call kernels through who runs their rounds -------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlmodel {
#define GEN_PASS_DEF_SHAREROUNDS
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

/// The last arguments of a kernel: the first round and the one after the last.
static constexpr unsigned kNumBounds = 2;

namespace {

struct ShareRounds : mlmodel::impl::ShareRoundsBase<ShareRounds> {
  using ShareRoundsBase::ShareRoundsBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<LLVM::LLVMFuncOp> kernels;
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>())
      if (function->hasAttr(mlmodel::kRoundsAttrName))
        kernels.push_back(function);
    if (kernels.empty())
      return;
    // Asked for each kernel, the uses would be looked for in the whole module.
    SymbolTableCollection tables;
    SymbolUserMap users(tables, getOperation());
    LLVM::LLVMFuncOp run = declareRun();
    for (LLVM::LLVMFuncOp kernel : kernels) {
      LLVM::LLVMFuncOp body = createBody(kernel, symbols);
      for (Operation *user : users.getUsers(kernel))
        if (auto call = dyn_cast<LLVM::CallOp>(user))
          replace(call, body, run);
    }
  }

private:
  LLVM::LLVMFuncOp declareRun() {
    OpBuilder builder(getOperation().getBodyRegion());
    Type pointer = LLVM::LLVMPointerType::get(&getContext());
    auto type =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(&getContext()),
                                    {pointer, pointer, builder.getI64Type()});
    return LLVM::LLVMFuncOp::create(builder, getOperation().getLoc(),
                                    mlmodel::kRunRoundsName, type);
  }

  /// Where argument \p index of a kernel is in \p context: each takes 8 bytes,
  /// whatever its type.
  static Value getPlace(OpBuilder &builder, Location loc, Value context,
                        unsigned index) {
    return LLVM::GEPOp::create(builder, loc, context.getType(),
                               builder.getI64Type(), context,
                               ArrayRef<LLVM::GEPArg>{int32_t(index)});
  }

  /// `void(void *context, int64_t begin, int64_t end)` that calls \p kernel.
  static LLVM::LLVMFuncOp createBody(LLVM::LLVMFuncOp kernel,
                                     SymbolTable &symbols) {
    MLIRContext *context = kernel.getContext();
    Location loc = kernel.getLoc();
    OpBuilder builder(context);
    builder.setInsertionPointAfter(kernel);
    Type integer = builder.getI64Type();
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(context),
        {LLVM::LLVMPointerType::get(context), integer, integer});
    auto body = LLVM::LLVMFuncOp::create(builder, loc,
                                         (kernel.getName() + "_rounds").str(),
                                         type, LLVM::Linkage::Internal);
    symbols.insert(body);
    Block *entry = body.addEntryBlock(builder);
    builder.setInsertionPointToStart(entry);
    SmallVector<Value> arguments;
    ArrayRef<Type> types = kernel.getFunctionType().getParams();
    for (auto [i, argument] : llvm::enumerate(types.drop_back(kNumBounds)))
      arguments.push_back(LLVM::LoadOp::create(
          builder, loc, argument,
          getPlace(builder, loc, entry->getArgument(0), i)));
    arguments.push_back(entry->getArgument(1));
    arguments.push_back(entry->getArgument(2));
    LLVM::CallOp::create(builder, loc, kernel, arguments);
    LLVM::ReturnOp::create(builder, loc, ValueRange());
    return body;
  }

  static void replace(LLVM::CallOp call, LLVM::LLVMFuncOp body,
                      LLVM::LLVMFuncOp run) {
    OpBuilder builder(call);
    Location loc = call.getLoc();
    OperandRange arguments = call.getArgOperands().drop_back(kNumBounds);
    Value context = allocate(call, arguments.size());
    for (auto [i, argument] : llvm::enumerate(arguments))
      LLVM::StoreOp::create(builder, loc, argument,
                            getPlace(builder, loc, context, i));
    Value address = LLVM::AddressOfOp::create(builder, loc, body);
    LLVM::CallOp::create(
        builder, loc, run,
        ValueRange{address, context, call.getArgOperands().back()});
    call.erase();
  }

  /// Memory of the calling function; a call in a loop must not take more of it
  /// in each round.
  static Value allocate(LLVM::CallOp call, unsigned count) {
    auto caller = call->getParentOfType<LLVM::LLVMFuncOp>();
    OpBuilder builder(caller.getBody());
    Value size = LLVM::ConstantOp::create(
        builder, call.getLoc(), builder.getI64IntegerAttr(std::max(count, 1u)));
    return LLVM::AllocaOp::create(builder, call.getLoc(),
                                  LLVM::LLVMPointerType::get(call.getContext()),
                                  builder.getI64Type(), size);
  }
};

} // namespace

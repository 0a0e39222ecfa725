//===- MarkNoAlias.cpp - Tell LLVM that buffers do not overlap --*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlmodel {
#define GEN_PASS_DEF_MARKNOALIAS
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

namespace {

struct MarkNoAlias : mlmodel::impl::MarkNoAliasBase<MarkNoAlias> {
  using MarkNoAliasBase::MarkNoAliasBase;

  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<LLVM::LLVMFuncOp>("main");
    if (!main)
      return;
    // Each descriptor begins with the allocated and the aligned pointer, which
    // are the same; only the aligned one is used for access.
    bool previousIsPointer = false;
    for (unsigned i = 0; i < main.getNumArguments(); ++i) {
      bool isPointer =
          isa<LLVM::LLVMPointerType>(main.getArgument(i).getType());
      if (isPointer && previousIsPointer)
        main.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(),
                        UnitAttr::get(&getContext()));
      previousIsPointer = isPointer && !previousIsPointer;
    }
  }
};

} // namespace

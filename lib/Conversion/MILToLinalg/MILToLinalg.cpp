//===- MILToLinalg.cpp - Lower mil to linalg on tensors ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Conversion/Passes.h"
#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "Patterns.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlmodel {
#define GEN_PASS_DEF_CONVERTMILTOLINALG
#include "MLModel/Conversion/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

namespace {

struct ConvertMILToLinalg
    : mlmodel::impl::ConvertMILToLinalgBase<ConvertMILToLinalg> {
  using ConvertMILToLinalgBase::ConvertMILToLinalgBase;

  void runOnOperation() override {
    RewritePatternSet simplify(&getContext());
    mlmodel::mil::populateSimplifyPatterns(simplify);
    walkAndApplyPatterns(getOperation(), std::move(simplify));

    RewritePatternSet patterns(&getContext());
#define MIL_CHAPTER(NAME) mlmodel::mil::populate##NAME##Patterns(patterns);
#include "MLModel/Dialect/MIL/IR/Chapters.def"

    ConversionTarget target(getContext());
    target.addIllegalDialect<mlmodel::mil::MILDialect>();
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    if (failed(
            applyFullConversion(getOperation(), target, std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace

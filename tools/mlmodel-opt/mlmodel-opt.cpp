//===- mlmodel-opt.cpp - The optimizer driver -------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "MLModel/Conversion/Passes.h"
#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Transforms/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<mlmodel::MLModelDialect, mlmodel::mil::MILDialect>();

  mlir::registerAllPasses();
  mlmodel::registerMLModelCodeGenPasses();
  mlmodel::registerMLModelConversionPasses();
  mlmodel::registerTransformsPasses();
  mlmodel::registerCodeGenPipelines();

  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "MLModel optimizer driver\n", registry));
}

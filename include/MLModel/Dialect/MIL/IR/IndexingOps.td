//===- IndexingOps.td - mil ops: Indexing ------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_INDEXINGOPS_TD
#define MLMODEL_DIALECT_MIL_IR_INDEXINGOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

#endif // MLMODEL_DIALECT_MIL_IR_INDEXINGOPS_TD

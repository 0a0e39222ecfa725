//===- KMeansPartition.h - Partitioning with chosen limits ------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_COMPRESSION_KMEANSPARTITION_H
#define MLMODEL_LIB_COMPRESSION_KMEANSPARTITION_H

#include "BoundarySearch.h"
#include "MLModel/Compression/KMeans1D.h"

namespace mlmodel {

/// partitionSorted() with other limits than its own.
KMeansPartition partitionSortedWith(llvm::ArrayRef<float> sorted,
                                    unsigned clusters,
                                    const BoundarySearch::Limits &limits);

} // namespace mlmodel

#endif // MLMODEL_LIB_COMPRESSION_KMEANSPARTITION_H

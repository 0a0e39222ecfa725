//===- Winograd.h - Convolutions in fewer products --------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Four neighbouring results of a window of three columns take twelve products.
// Winograd's F(4, 3) takes six: the polynomials of which the window's weights
// g and six columns d of the image are coefficients are evaluated at six
// points, multiplied there, and the product is interpolated:
//
//   results = A' ((G g) * (B' d))        0, 3/4, -3/4, 3/2, -3/2, infinity
//
// Only the columns of a window are treated so, its rows are summed as ever.
// Nesting the two would take 2.25 products for nine, but the transformed image
// would be four times its size and not one and a half. What the points do to
// rounding, docs/Numerics.md tells.
//
// The image is transformed by an operation of its own,
//
//   columns[point, channel, row, tile] =
//       sum over j of B'[point, j] * image[channel, row, 4 tile + j]
//
// which the convolution gets as one more input. It reads no values from it, and
// says what it computes as before; the code for it does the rest:
//
//   for some outputs:
//     decode weights, G g
//     for some rows:
//       products[point, output, tile] =
//           sum over channels and rows of the window
//       results = A' products
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_WINOGRAD_H
#define MLMODEL_LIB_CODEGEN_WINOGRAD_H

#include "Reduction.h"
#include "TilePlan.h"
#include "mlir/IR/PatternMatch.h"

namespace mlmodel {

/// On the operation that transforms an image, and on a convolution whose last
/// input but packed weights is a transformed image.
constexpr llvm::StringLiteral kWinogradAttrName = "mlmodel.winograd";

/// The points at which polynomials are evaluated, beside 0 and infinity, are
/// these and their negatives.
constexpr double kWinogradPoints[] = {0.75, 1.5};

/// Columns of results that are computed together, and columns of the image that
/// they need: as many as there are points.
constexpr int64_t kTileResults = 4, kTilePoints = 6;

/// A convolution that can be computed so: six loops, a window of three columns,
/// neighbouring results from neighbouring windows.
struct WinogradLoops {
  unsigned output, row, column, input, windowRow, windowColumn;
  /// The operand with the image, indexed by channel, row and column.
  unsigned image;
};

std::optional<WinogradLoops> findWinogradLoops(mlir::linalg::LinalgOp op);

struct WinogradPlan {
  /// Tiles in a row of results; outputs and rows that are computed at a time.
  int64_t tiles, outputs, rows;
  /// Outputs whose transformed weights lie side by side.
  int64_t block;
  /// An estimate for all of it, but without decoding weights.
  double cycles;
};

/// The best plan for \p op; none if it is no such convolution.
std::optional<WinogradPlan> planWinograd(mlir::linalg::LinalgOp op,
                                         const RegisterFile &registers);

/// The nest that multiplies transformed images and weights.
LoopNest getProductsNest(mlir::linalg::LinalgOp op, const WinogradLoops &loops,
                         const WinogradPlan &plan);

/// Marks \p op to be computed so, with an image of as many columns as the tiles
/// of a row need.
void markWinograd(mlir::linalg::GenericOp op);

/// Whether \p op, which may be null, sets all elements to 0.
bool isZeros(mlir::linalg::LinalgOp op);

/// Whether \p op transforms an image.
bool isColumns(mlir::linalg::LinalgOp op);

/// The loops that transform an image; erases \p reduction.
void emitColumns(mlir::RewriterBase &rewriter, const Reduction &reduction,
                 const RegisterFile &registers);

/// Lowers \p reduction, a convolution with transformed columns. If that fails,
/// \p reduction is to be lowered like any other.
mlir::LogicalResult emitWinograd(mlir::RewriterBase &rewriter,
                                 Reduction &reduction,
                                 const RegisterFile &registers);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_WINOGRAD_H

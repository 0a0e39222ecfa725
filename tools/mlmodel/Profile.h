//===- Profile.h - Where the time of a prediction goes ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_PROFILE_H
#define MLMODEL_TOOLS_MLMODEL_PROFILE_H

#include "MLModel/Runtime/Model.h"
#include "MLModel/Support/MachinePeak.h"
#include "llvm/Support/JSON.h"

namespace mlmodel {

/// The layers of a model, measured over \p runs predictions after those of the
/// times \p before, beside what the machine could do.
class Profile {
public:
  Profile(std::vector<LayerProfile> layers, llvm::ArrayRef<LayerProfile> before,
          int64_t runs, MachinePeak peak);

  /// {"machine": {"threads", "gflops", "gbytes"}, "layers": [{"layer", "ms",
  /// "share", "gflops", "weight_bytes", "bytes", "roofline"}, ...]}
  llvm::json::Object toJson() const;
  void print(llvm::raw_ostream &os) const;

private:
  double getShare(const LayerProfile &layer) const;
  double getRoofline(const LayerProfile &layer) const;

  /// With the seconds of one prediction.
  std::vector<LayerProfile> layers;
  MachinePeak peak;
  double total = 0;
};

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_PROFILE_H

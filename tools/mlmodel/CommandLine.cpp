//===- CommandLine.cpp - Options and positional arguments -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include <cmath>

using namespace mlmodel;
using llvm::StringRef;
using llvm::Twine;

bool CommandLine::takeFlag(StringRef name) {
  known.push_back(name.str());
  size_t before = arguments.size();
  arguments.erase(std::remove(arguments.begin(), arguments.end(), name),
                  arguments.end());
  return arguments.size() != before;
}

llvm::Expected<std::vector<std::string>>
CommandLine::takeValues(StringRef name) {
  known.push_back(name.str());
  std::vector<std::string> values, rest;
  for (size_t i = 0; i < arguments.size(); ++i) {
    StringRef argument = arguments[i];
    if (argument == name) {
      if (i + 1 == arguments.size())
        return makeError(ExitCode::Usage, "option " + name + " needs a value");
      values.push_back(arguments[++i]);
    } else if (argument.consume_front(name) && argument.consume_front("=")) {
      values.push_back(argument.str());
    } else {
      rest.push_back(arguments[i]);
    }
  }
  arguments = std::move(rest);
  return values;
}

llvm::Expected<std::optional<std::string>>
CommandLine::takeValue(StringRef name) {
  llvm::Expected<std::vector<std::string>> values = takeValues(name);
  if (!values)
    return values.takeError();
  if (values->empty())
    return std::nullopt;
  return values->back();
}

llvm::Expected<std::optional<int64_t>>
CommandLine::takeInteger(StringRef name, int64_t least, int64_t greatest) {
  llvm::Expected<std::optional<std::string>> text = takeValue(name);
  if (!text)
    return text.takeError();
  if (!*text)
    return std::nullopt;
  int64_t value;
  if (StringRef(**text).getAsInteger(10, value) || value < least ||
      value > greatest)
    return makeError(ExitCode::Usage, "option " + name + " is '" + **text +
                                          "', expected a whole number from " +
                                          Twine(least) + " to " +
                                          Twine(greatest));
  return value;
}

llvm::Expected<std::optional<double>> CommandLine::takeNumber(StringRef name) {
  llvm::Expected<std::optional<std::string>> text = takeValue(name);
  if (!text)
    return text.takeError();
  if (!*text)
    return std::nullopt;
  double value;
  if (StringRef(**text).getAsDouble(value) || !std::isfinite(value))
    return makeError(ExitCode::Usage, "option " + name + " is '" + **text +
                                          "', expected a number");
  return value;
}

llvm::Expected<std::vector<std::string>>
CommandLine::finish(llvm::ArrayRef<StringRef> names) {
  std::vector<std::string> positional;
  bool onlyPositional = false;
  for (const std::string &argument : arguments) {
    StringRef text = argument;
    if (text == "--" && !onlyPositional) {
      onlyPositional = true;
      continue;
    }
    if (onlyPositional || !text.starts_with("-") || text == "-") {
      positional.push_back(argument);
      continue;
    }
    StringRef option = text.split('=').first;
    std::string message = "unknown option " + option.str();
    for (StringRef candidate : known)
      if (option.edit_distance(candidate) <= 2)
        message += "; did you mean " + candidate.str() + "?";
    return makeError(ExitCode::Usage, message);
  }
  if (positional.size() < names.size())
    return makeError(ExitCode::Usage,
                     "missing argument " + names[positional.size()]);
  if (positional.size() > names.size())
    return makeError(ExitCode::Usage,
                     "unexpected argument '" + positional[names.size()] + "'");
  return positional;
}

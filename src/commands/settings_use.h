// What the settings mean for the layers below.
#pragma once

#include "onehead/core/config.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/load.h"

namespace onehead {

DiscoveryOptions DiscoveryFrom(const Settings& settings);
LoadLimits LimitsFrom(const Settings& settings);

}  // namespace onehead

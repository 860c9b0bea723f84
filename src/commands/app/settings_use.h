// What the settings mean for the layers below.
#pragma once

#include "onehead/core/environment/environment.h"
#include "onehead/core/history/load.h"
#include "onehead/core/settings/settings.h"

namespace onehead {

DiscoveryOptions DiscoveryFrom(const Settings& settings);
LoadLimits LimitsFrom(const Settings& settings);

}  // namespace onehead

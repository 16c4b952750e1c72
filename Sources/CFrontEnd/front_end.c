#include "front_end.h"

// `#embed` is C23; clang takes it in every mode.
#pragma clang diagnostic ignored "-Wc23-extensions"

// One module in several files: what a file names is known to those after it.
static const unsigned char explore_script[] = {
#embed "explore/elements.js"
    ,
#embed "explore/geometry.js"
    ,
#embed "explore/points.js"
    ,
#embed "explore/surface.js"
    ,
#embed "explore/map.js"
    ,
#embed "explore/slide.js"
    ,
#embed "explore/colours.js"
    ,
#embed "explore/card.js"
    ,
#embed "explore/selection.js"
    ,
#embed "explore/view.js"
    ,
#embed "explore/frozen.js"
};
static const unsigned char explore_style[] = {
#embed "explore/explore.css"
};

const unsigned char *tessera_explore_script(size_t *byte_count) {
  *byte_count = sizeof explore_script;
  return explore_script;
}

const unsigned char *tessera_explore_style(size_t *byte_count) {
  *byte_count = sizeof explore_style;
  return explore_style;
}

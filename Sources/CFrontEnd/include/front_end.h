#pragma once

#include <stddef.h>

/// The module of the live view of `explore` (JavaScript in UTF-8, not ended by a zero). It exports `render({host, el})`,
/// which shows the view in an element and gives back what ends it, and `frozenHost(data)`, a host made of data that a
/// saved page has in itself.
const unsigned char *tessera_explore_script(size_t *byte_count);

/// The style sheet of that view (UTF-8, not ended by a zero); its rules touch nothing outside of the view.
const unsigned char *tessera_explore_style(size_t *byte_count);

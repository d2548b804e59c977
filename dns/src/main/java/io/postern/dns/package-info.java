@NullMarked
package io.postern.dns;

import org.jspecify.annotations.NullMarked;

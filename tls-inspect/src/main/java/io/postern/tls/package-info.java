@NullMarked
package io.postern.tls;

import org.jspecify.annotations.NullMarked;

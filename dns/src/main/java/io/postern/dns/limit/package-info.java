/** How often may somebody ask? Knows nothing but the JDK; fed with time. */
@NullMarked
package io.postern.dns.limit;

import org.jspecify.annotations.NullMarked;

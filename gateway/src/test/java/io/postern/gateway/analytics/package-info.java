@NullMarked
package io.postern.gateway.analytics;

import org.jspecify.annotations.NullMarked;

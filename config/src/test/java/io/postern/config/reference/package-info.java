/** The documents made from the schemas: the configuration reference and the commented reference file. */
@NullMarked
package io.postern.config.reference;

import org.jspecify.annotations.NullMarked;

/** Does the chart make what Kubernetes and the gateway take, and do its alerts say what is true of the product? */
@NullMarked
package io.postern.helm;

import org.jspecify.annotations.NullMarked;

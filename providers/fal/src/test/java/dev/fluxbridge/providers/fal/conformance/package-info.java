/** What our client sends beside what fal's own JavaScript client sends, scenario by scenario. */
@NullMarked
package dev.fluxbridge.providers.fal.conformance;

import org.jspecify.annotations.NullMarked;

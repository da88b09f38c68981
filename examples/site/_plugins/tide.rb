# frozen_string_literal: true

# `{% tide %}`: what only this site's own Ruby can resolve.  Sites have such tags; a reader without Ruby must cope.
class Tide < Liquid::Tag
  def render(_context)
    "High water at ten past three."
  end
end

Liquid::Template.register_tag("tide", Tide)

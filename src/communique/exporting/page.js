// Marks a statement in the text and in the list together.
document.querySelectorAll('.cq [data-s]').forEach(function(e){
 var mark=function(on){e.dataset.s.split(' ').forEach(function(id){
  document.querySelectorAll('.cq [data-s~="'+id+'"]').forEach(function(x){x.classList.toggle('on',on)})})};
 e.addEventListener('mouseenter',function(){mark(true)});e.addEventListener('mouseleave',function(){mark(false)});
});
